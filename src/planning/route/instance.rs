//! One walk to find, as a `pick-route/1` file tells it: the floor, the depot and the picks. What else stands in the file,
//! such as a solution, is not looked at.

use super::{BadLayout, Layout, NoRoute, Point, Walk, shortest};
use serde::Deserialize;
use std::collections::HashSet;

/// A floor, the place where the walk starts and ends, and the picks.
#[derive(Clone, Debug)]
pub struct Instance {
    layout: Layout,
    depot: Point,
    lines: Vec<i64>,
    stops: Vec<Point>,
}

/// Why a file tells of no walk.
#[derive(Debug, thiserror::Error)]
pub enum BadInstance {
    /// Not JSON, or not of this form.
    #[error("this is no pick-route/1 file: {0}")]
    Form(#[from] serde_json::Error),
    /// It says that it is of another form.
    #[error("this file is of another form than pick-route/1")]
    OtherForm,
    /// No floor to walk on.
    #[error(transparent)]
    Layout(#[from] BadLayout),
    /// Two picks with one number.
    #[error("pick line {0} is there twice")]
    Twice(i64),
    /// A pick that is in no aisle.
    #[error("pick line {line} at {at} lies in no aisle")]
    OffAisle {
        /// Its number.
        line: i64,
        /// Where it is said to be.
        at: Point,
    },
    /// There is no walk.
    #[error(transparent)]
    NoRoute(NoRoute),
}

#[derive(Deserialize)]
struct File {
    format: Option<String>,
    aisles: Vec<Aisle>,
    cross_aisles: Vec<CrossAisle>,
    depot: Point,
    picks: Vec<Pick>,
}

#[derive(Deserialize)]
struct Aisle {
    x: i32,
}

#[derive(Deserialize)]
struct CrossAisle {
    y: i32,
}

#[derive(Deserialize)]
struct Pick {
    line: i64,
    x: i32,
    y: i32,
}

impl Instance {
    /// Reads one; fields that it does not know are passed over.
    pub fn parse(json: &[u8]) -> Result<Self, BadInstance> {
        let file: File = serde_json::from_slice(json)?;
        if file.format.is_some_and(|format| format != "pick-route/1") {
            return Err(BadInstance::OtherForm);
        }
        let aisles = file.aisles.iter().map(|aisle| aisle.x).collect();
        let cross_aisles = file.cross_aisles.iter().map(|cross| cross.y).collect();
        let mut known = HashSet::new();
        if let Some(pick) = file.picks.iter().find(|pick| !known.insert(pick.line)) {
            return Err(BadInstance::Twice(pick.line));
        }
        Ok(Self {
            layout: Layout::new(aisles, cross_aisles)?,
            depot: file.depot,
            lines: file.picks.iter().map(|pick| pick.line).collect(),
            stops: file
                .picks
                .iter()
                .map(|pick| Point::new(pick.x, pick.y))
                .collect(),
        })
    }

    /// The shortest walk. Its order is of indices; [`Instance::line`] knows their numbers.
    pub fn solve(&self) -> Result<Walk, BadInstance> {
        shortest(&self.layout, self.depot, self.depot, &self.stops).map_err(|why| match why {
            NoRoute::StopOffAisle { stop, at } => BadInstance::OffAisle {
                line: self.lines[stop],
                at,
            },
            other => BadInstance::NoRoute(other),
        })
    }

    /// The number of the pick with this index.
    pub fn line(&self, stop: usize) -> i64 {
        self.lines[stop]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(depot: &str, picks: &str) -> Result<Walk, BadInstance> {
        let json = format!(
            r#"{{"note":"new","aisles":[{{"id":"A","x":0}},{{"x":300}}],"cross_aisles":[{{"y":0}},{{"y":900}}],
            "depot":{depot},"picks":[{picks}]}}"#
        );
        Instance::parse(json.as_bytes())?.solve()
    }

    #[test]
    fn a_file_is_read_and_walked() {
        let walk = file(
            r#"{"x":100,"y":0}"#,
            r#"{"line":7,"x":0,"y":200},{"line":8,"x":300,"y":800}"#,
        )
        .unwrap();
        assert_eq!((walk.length, walk.is_shortest), (2400, true));
        let none = file(r#"{"x":100,"y":0}"#, "").unwrap();
        assert_eq!((none.length, none.order.len(), none.path.len()), (0, 0, 1));
    }

    #[test]
    fn a_bad_file_is_refused_in_words() {
        let said = |depot, picks| file(depot, picks).unwrap_err().to_string();
        let depot = r#"{"x":100,"y":0}"#;
        let off = said(depot, r#"{"line":7,"x":10,"y":200}"#);
        assert_eq!(off, "pick line 7 at x 10, y 200 lies in no aisle");
        let twice = said(
            depot,
            r#"{"line":7,"x":0,"y":200},{"line":7,"x":0,"y":300}"#,
        );
        assert_eq!(twice, "pick line 7 is there twice");
        let racks = said(r#"{"x":100,"y":5}"#, "");
        assert!(racks.contains("cannot start at x 100, y 5"), "{racks}");
        let far = said(depot, r#"{"line":7,"x":99999999999,"y":200}"#);
        assert!(
            far.contains("pick-route/1") && far.contains("99999999999"),
            "{far}"
        );
        assert!(Instance::parse(b"{").is_err() && Instance::parse(b"\xff").is_err());
        assert!(matches!(
            Instance::parse(
                br#"{"format":"x","aisles":[],"cross_aisles":[],"depot":{"x":0,"y":0},"picks":[]}"#
            ),
            Err(BadInstance::OtherForm)
        ));
    }
}
