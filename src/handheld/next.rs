//! Which task comes next: what presses, then what is more urgent, then what begins nearest to where the worker stands,
//! so that a putaway is done on the way back from a pick.

use crate::warehouse::{Point, Task, Timestamp};
use chrono::TimeDelta;

/// From so long before its time on, a task presses. Minutes.
const PRESSES_MIN: i64 = 30;

/// The task to do next of those that `can` be begun, `here` being where the worker stands.
pub(super) fn next(
    tasks: &[Task],
    now: Timestamp,
    here: Option<Point>,
    can: impl Fn(&Task) -> bool,
) -> Option<usize> {
    let rank = |task: &Task| {
        let pressing = task
            .due
            .filter(|due| *due - now < TimeDelta::minutes(PRESSES_MIN));
        let walk = match (here, task.outline.begins) {
            (Some(here), Some(begins)) => here.walk_cm(begins),
            _ => 0,
        };
        // None comes before Some: what presses is put first by asking whether it does not.
        (pressing.is_none(), pressing, task.priority, walk)
    };
    let open = tasks.iter().enumerate().filter(|(_, task)| can(task));
    open.min_by_key(|(_, task)| rank(task)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::{Job, Outline, PackJob};

    fn task(id: &str, priority: i32, at: i32) -> Task {
        let job = Job::Pack(PackJob {
            order: "SO-1".parse().unwrap(),
            customer: "C".into(),
            bench: "PACK-01".parse().unwrap(),
            after: Vec::new(),
            lines: Vec::new(),
            plates: Vec::new(),
        });
        Task {
            priority,
            outline: Outline {
                begins: Some(Point { x_cm: at, y_cm: 0 }),
                ..Outline::default()
            },
            ..Task::opened(id.parse().unwrap(), job)
        }
    }

    fn chosen(tasks: &[Task], here: i32) -> usize {
        let here = Some(Point {
            x_cm: here,
            y_cm: 0,
        });
        next(tasks, Timestamp::UNIX_EPOCH, here, |_| true).unwrap()
    }

    #[test]
    fn of_equal_urgency_the_nearest_is_next() {
        let tasks = [task("FAR", 50, 9000), task("NEAR", 50, 1200)];
        assert_eq!(chosen(&tasks, 1000), 1);
        assert_eq!(chosen(&tasks, 8000), 0);
    }

    #[test]
    fn what_presses_comes_first_then_what_is_urgent_however_far() {
        let mut tasks = [
            task("NEAR", 50, 0),
            task("URGENT", 10, 9000),
            task("LATE", 90, 9000),
        ];
        assert_eq!(chosen(&tasks, 0), 1);
        tasks[2].due = Some(Timestamp::UNIX_EPOCH - TimeDelta::minutes(5));
        assert_eq!(chosen(&tasks, 0), 2);
        tasks[2].due = Some(Timestamp::UNIX_EPOCH + TimeDelta::hours(5));
        assert_eq!(chosen(&tasks, 0), 1);
    }

    #[test]
    fn what_cannot_be_begun_is_not_next() {
        let tasks = [task("A", 1, 0)];
        let none = next(&tasks, Timestamp::UNIX_EPOCH, None, |_| false);
        assert_eq!(none, None);
    }
}
