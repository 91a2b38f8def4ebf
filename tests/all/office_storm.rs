//! Many handhelds, in any order, again and again: the books stay right, and whoever listens hears all of it.

use super::office_tools::*;
use proptest::prelude::*;
use stockhand::office::hold::Which;
use stockhand::store::Cache;
use stockhand::sync::Claim;
use stockhand::warehouse::{Fact, Quantity, Timestamp};

/// What one of three handhelds, or the office, does next.
#[derive(Clone, Debug)]
enum Doing {
    Start(u8),
    Pick(u8, u8),
    Short(u8, u8),
    Drop(u8),
    Finish(u8),
    Leave(u8),
    Undo,
    /// Pushes from this row on, however often it was pushed before.
    PushAgain(u8),
    Claim(u8),
    /// The listener pulls one page of so many.
    Pull(u32),
    /// So many hours pass, and the office does its duties.
    Tend(u8),
    Hold(bool),
    Order(u8),
    Count(u8),
    Revoke,
}

fn doing() -> impl Strategy<Value = Doing> {
    use Doing::{
        Claim, Count, Drop, Finish, Hold, Leave, Order, Pick, Pull, PushAgain, Revoke, Short,
        Start, Tend, Undo,
    };
    prop_oneof![
        3 => (0u8..6).prop_map(Start),
        6 => (0u8..6, 1u8..9).prop_map(|(task, units)| Pick(task, units)),
        3 => (0u8..6, 1u8..5).prop_map(|(task, units)| Short(task, units)),
        2 => (0u8..6).prop_map(Drop),
        2 => (0u8..6).prop_map(Finish),
        1 => (0u8..6).prop_map(Leave),
        4 => Just(Undo),
        2 => (0u8..30).prop_map(PushAgain),
        1 => (0u8..9).prop_map(Claim),
        4 => (1u32..6).prop_map(Pull),
        1 => (0u8..12).prop_map(Tend),
        1 => any::<bool>().prop_map(Hold),
        1 => (1u8..20).prop_map(Order),
        1 => (1u8..40).prop_map(Count),
        1 => Just(Revoke),
    ]
}

/// A handheld, and the steps it could take back: row, task and fact.
type Busy = (Hand, Vec<(u64, String, Fact)>);

struct Storm {
    ground: Ground,
    hands: Vec<Busy>,
    listener: Cache,
    after: u64,
    clock: i64,
    orders: u32,
}

impl Storm {
    fn new() -> Self {
        let ground = Ground::with_stock(&[
            "A-01-01,BOLT,,,40",
            "A-01-02,BOLT,,,20",
            "A-01-03,BOLT,,,5",
            "A-01-03-01,PAINT,RED,,30",
        ]);
        ground.order(&["SO-1,1,BOLT,30", "SO-1,2,PAINT,4", "SO-2,1,BOLT,12"]);
        let hands = (0..3).map(|_| (ground.hand("W1"), Vec::new())).collect();
        let listener = Cache::open_file(&ground.dir.path().join("listener.db")).unwrap();
        Self {
            ground,
            hands,
            listener,
            after: 0,
            clock: 0,
            orders: 2,
        }
    }

    fn pull(&mut self, limit: u32) -> bool {
        let device = &self.hands[0].0.device;
        let page = self
            .ground
            .office
            .page(now(), device, self.after, limit)
            .unwrap();
        self.after = page.next;
        self.listener
            .apply(&page.changes, &cursor(page.next, &page.incarnation))
            .unwrap();
        page.more
    }

    fn act(&mut self, who: usize, doing: &Doing) {
        if let Some((name, fact)) = step(doing) {
            let (hand, done) = &mut self.hands[who];
            let seq = hand.does(&self.ground, name, fact.clone());
            if fact.is_step() {
                done.push((seq, name.to_owned(), fact));
            }
            return;
        }
        match doing {
            Doing::Undo => self.undo(who),
            Doing::PushAgain(first) => self.push_again(who, usize::from(*first)),
            Doing::Claim(ahead) => {
                let tasks = vec!["PICK-SO-1".parse().unwrap()];
                let ahead = u32::from(*ahead);
                let (device, claim) = (&self.hands[who].0.device, Claim { tasks, ahead });
                self.ground
                    .office
                    .claim(self.now(), device, &claim)
                    .unwrap();
            }
            Doing::Pull(limit) => {
                self.pull(*limit);
            }
            other => self.at_the_office(other),
        }
    }

    fn now(&self) -> Timestamp {
        now() + hours(self.clock)
    }

    fn undo(&mut self, who: usize) {
        let (hand, done) = &mut self.hands[who];
        if let Some((seq, task, fact)) = done.pop() {
            hand.record(Some(&task), undone(seq, fact));
            hand.push(&self.ground);
        }
    }

    fn push_again(&mut self, who: usize, first: usize) {
        let hand = &self.hands[who].0;
        let first = first.clamp(1, hand.rows.len() + 1);
        let push = hand.from(first);
        let pushed = self
            .ground
            .office
            .push(self.now(), &hand.device, &push)
            .unwrap();
        assert_eq!(pushed.acked, hand.rows.len() as u64);
    }

    fn at_the_office(&mut self, doing: &Doing) {
        match doing {
            Doing::Tend(hours_on) => {
                self.clock += i64::from(*hours_on);
                self.ground.office.tend(self.now()).unwrap();
            }
            Doing::Hold(on) => {
                let which = Which {
                    warehouse: w1(),
                    bin: Some("A-01-02".parse().unwrap()),
                    item: None,
                    lot: None,
                };
                let (office, at) = (&self.ground.office, self.now());
                let held = if *on {
                    office.hold(at, &which)
                } else {
                    office.release_hold(at, &which)
                };
                held.unwrap();
            }
            Doing::Order(units) => {
                self.orders += 1;
                self.ground
                    .order(&[&format!("SO-{},1,BOLT,{units}", self.orders)]);
            }
            Doing::Count(units) => {
                let text = format!("warehouse,bin,item,quantity\nW1,A-01-01,BOLT,{units}\n");
                self.ground
                    .office
                    .import(self.now(), &[sheet("stock.csv", &text)])
                    .unwrap();
            }
            Doing::Revoke => {
                // Once is enough; what the handheld still has to say is taken here all the same.
                let _ = self.ground.office.revoke(&self.hands[2].0.device.id);
            }
            other => unreachable!("{other:?} is a handheld's"),
        }
    }
}

/// The fact that a handheld records, if it does, and in which task.
fn step(doing: &Doing) -> Option<(&'static str, Fact)> {
    let tasks = [
        "PICK-SO-1",
        "PICK-SO-2",
        "PICK-SO-1-2",
        "PACK-SO-1",
        "PICK-SO-3",
        "PACK-SO-2",
    ];
    let (task, fact) = match doing {
        Doing::Start(task) => (task, started()),
        Doing::Pick(task, units) => {
            let bin = ["A-01-01", "A-01-02", "A-01-03"][usize::from(*units) % 3];
            (task, picked(1, bin, goods("BOLT", ""), u32::from(*units)))
        }
        Doing::Short(task, units) => (task, short(1, "A-01-01", "BOLT", u32::from(*units))),
        Doing::Drop(task) => {
            let goods = vec![(
                goods("BOLT", ""),
                Quantity::units(2),
                "worker:P1".parse().unwrap(),
            )];
            let (order, bin) = ("SO-1".parse().unwrap(), "PACK-01".parse().unwrap());
            (task, Fact::Dropped { order, bin, goods })
        }
        Doing::Finish(task) => (task, Fact::TaskFinished),
        Doing::Leave(task) => (task, Fact::TaskLeft),
        _ => return None,
    };
    Some((tasks[usize::from(*task)], fact))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_books_are_right_and_the_listener_hears_all(
        storm in prop::collection::vec((0usize..3, doing()), 1..60),
    ) {
        let mut office = Storm::new();
        for (who, doing) in &storm {
            office.act(*who, doing);
        }
        while office.pull(3) {}
        prop_assert_eq!(office.ground.findings(), [""; 0]);
        let Storm { ground, hands, listener, .. } = office;
        listener.close().unwrap();
        let heard = tables(&ground.dir.path().join("listener.db"));
        let fresh = ground.mirror(&hands[0].0.device, "fresh.db", 2000);
        prop_assert_eq!(&heard, &fresh);
        for (item, sum) in sums(&ground) {
            prop_assert_eq!(sum, 0, "{} does not sum to zero", item);
        }
        prop_assert_eq!(states_that_cannot_be(&ground), 0);
    }
}

fn sums(ground: &Ground) -> Vec<(String, i64)> {
    let db = ground.database();
    let mut statement = db
        .prepare("SELECT item, SUM(quantity) FROM stock GROUP BY item")
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Started tasks without a handheld, open ones with one, promises of closed tasks, packing that waits for what is no more.
fn states_that_cannot_be(ground: &Ground) -> i64 {
    let sql = "SELECT (SELECT COUNT(*) FROM tasks WHERE (state = 'started') <> (started_on <> ''))
                    + (SELECT COUNT(*) FROM tasks WHERE state = 'started' AND lease_device <> started_on)
                    + (SELECT COUNT(*) FROM tasks WHERE state IN ('done', 'cancelled') AND lease_device <> '')
                    + (SELECT COUNT(*) FROM task_lines l JOIN tasks t ON t.warehouse = l.warehouse AND t.id = l.task
                       WHERE l.is_open = 1 AND t.state IN ('done', 'cancelled'))
                    + (SELECT COUNT(*) FROM tasks p, json_each(p.job, '$.after') a JOIN tasks t
                       ON t.warehouse = p.warehouse AND t.id = a.value
                       WHERE p.kind = 'pack' AND t.state IN ('done', 'cancelled'))";
    ground
        .database()
        .query_row(sql, [], |row| row.get(0))
        .unwrap()
}
