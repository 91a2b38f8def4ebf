//! The air between a handheld and the office: what becomes of each call in it.

use super::dice::Dice;
use std::collections::BTreeMap;
use stockhand::office::{Device, Error, NoSnapshot, Office};
use stockhand::sync::{
    CallFailed, Calls, Claim, Claimed, Limits, Manifest, Page, Push, Pushed, Refused, pack, unpack,
    unpack_at_most,
};
use stockhand::warehouse::Timestamp;

/// How well a handheld hears and is heard, for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Air {
    Clear,
    Good,
    Poor,
    /// The office hears it, and is not heard.
    Deaf,
    Gone,
}

impl Air {
    pub fn draw(dice: &mut Dice) -> Self {
        *dice.any(&[
            Self::Good,
            Self::Good,
            Self::Good,
            Self::Poor,
            Self::Poor,
            Self::Deaf,
            Self::Gone,
            Self::Gone,
        ])
    }

    fn fate(self, dice: &mut Dice) -> Fate {
        let ill = match self {
            Self::Clear => 0,
            Self::Good => 4,
            Self::Poor => 60,
            Self::Deaf => return Fate::AnswerLost,
            Self::Gone => return Fate::Lost,
        };
        if !dice.percent(ill) {
            return Fate::Fine;
        }
        *dice.any(&[
            Fate::Lost,
            Fate::Lost,
            Fate::AnswerLost,
            Fate::AnswerLost,
            Fate::Twice,
            Fate::Late,
            Fate::Cut,
            Fate::AnswerCut,
        ])
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Fine,
    Lost,
    AnswerLost,
    Twice,
    /// The office hears it long after the handheld has given up.
    Late,
    /// The office hears the beginning of it.
    Cut,
    /// The handheld hears the beginning of the answer.
    AnswerCut,
}

/// What goes wrong, counted.
pub type Counts = BTreeMap<&'static str, u64>;

/// A push on its way for too long.
pub struct Letter {
    pub token: String,
    pub push: Push,
}

/// One handheld's line just now.
pub struct Line<'a> {
    pub office: &'a Office,
    pub token: &'a str,
    /// The office's clock.
    pub clock: Timestamp,
    pub air: Air,
    pub dice: &'a mut Dice,
    pub counts: &'a mut Counts,
    pub late: &'a mut Vec<Letter>,
}

fn lost() -> CallFailed {
    CallFailed::Unreachable("lost".into())
}

fn refused(refused: Refused) -> CallFailed {
    CallFailed::Refused {
        refused,
        retry_after: None,
    }
}

impl Line<'_> {
    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn fate(&mut self) -> Fate {
        self.count("calls");
        let fate = self.air.fate(self.dice);
        match fate {
            Fate::Fine => {}
            Fate::Lost => self.count("calls lost"),
            Fate::AnswerLost => self.count("answers lost"),
            Fate::Twice => self.count("calls heard twice"),
            Fate::Late => self.count("calls heard late"),
            Fate::Cut => self.count("calls cut off"),
            Fate::AnswerCut => self.count("answers cut off"),
        }
        fate
    }

    /// A call that the office answers from what it has.
    fn call<T>(
        &mut self,
        ask: impl Fn(&Office, &Device) -> Result<T, Error>,
    ) -> Result<T, CallFailed> {
        let fate = self.fate();
        if matches!(fate, Fate::Lost | Fate::Late | Fate::Cut) {
            return Err(lost());
        }
        let device = self.office.device_of(self.token);
        let mut answer = device.and_then(|device| ask(self.office, &device));
        if fate == Fate::Twice {
            let device = self.office.device_of(self.token);
            answer = device.and_then(|device| ask(self.office, &device));
        }
        match fate {
            Fate::AnswerLost => Err(lost()),
            Fate::AnswerCut => Err(CallFailed::Garbled("cut off".into())),
            _ => answer.map_err(|why| refused(why.answer())),
        }
    }

    fn hear(&self, push: &Push) -> Result<Pushed, CallFailed> {
        let device = self.office.device_of(self.token);
        let heard = device.and_then(|device| self.office.push(self.clock, &device, push));
        heard.map_err(|why| refused(why.answer()))
    }
}

impl Calls for Line<'_> {
    /// As it travels: packed, perhaps cut off anywhere, unpacked and read.
    fn push(&mut self, push: &Push) -> Result<Pushed, CallFailed> {
        let fate = self.fate();
        let mut bytes = pack(&serde_json::to_vec(push).expect("a push becomes JSON"))
            .expect("memory is written");
        if fate == Fate::Cut {
            bytes.truncate(usize::try_from(self.dice.below(bytes.len() as u64)).expect("small"));
            let read = unpack(&bytes).ok();
            let read = read.and_then(|body| serde_json::from_slice::<Push>(&body).ok());
            assert!(read.is_none(), "half a push is read as a whole one");
            return Err(lost());
        }
        let body = unpack(&bytes).expect("what was packed is unpacked");
        let heard: Push = serde_json::from_slice(&body).expect("what was written is read");
        match fate {
            Fate::Lost => Err(lost()),
            Fate::Late => {
                let token = self.token.to_owned();
                self.late.push(Letter { token, push: heard });
                Err(lost())
            }
            Fate::AnswerLost => {
                let _ = self.hear(&heard);
                Err(lost())
            }
            Fate::AnswerCut => {
                let _ = self.hear(&heard);
                Err(CallFailed::Garbled("cut off".into()))
            }
            Fate::Twice => {
                let _ = self.hear(&heard);
                self.hear(&heard)
            }
            Fate::Fine | Fate::Cut => self.hear(&heard),
        }
    }

    fn page(&mut self, after: u64, _: u64) -> Result<Page, CallFailed> {
        let limit = u32::try_from(self.dice.from(1, 60)).expect("small");
        let clock = self.clock;
        self.call(|office, device| office.page(clock, device, after, limit))
    }

    fn claim(&mut self, claim: &Claim) -> Result<Claimed, CallFailed> {
        let clock = self.clock;
        self.call(|office, device| office.claim(clock, device, claim))
    }

    fn manifest(&mut self) -> Result<Manifest, CallFailed> {
        self.call(|office, device| {
            office.snapshot(device).map_err(|why| match why {
                NoSnapshot::Office(why) => why,
                other => panic!("no snapshot: {other}"),
            })
        })
    }

    fn snapshot_page(&mut self, id: &str, page: usize) -> Result<Vec<u8>, CallFailed> {
        let fate = self.fate();
        if fate != Fate::Fine {
            return Err(lost());
        }
        let device = self.office.device_of(self.token);
        let device = device.map_err(|why| refused(why.answer()))?;
        let packed = self.office.snapshot_page(&device, id, page);
        let packed = packed.map_err(|why| refused(why.answer()))?;
        let page = unpack_at_most(&packed, Limits::SNAPSHOT_PAGE);
        Ok(page.expect("the office packs what it sends"))
    }
}
