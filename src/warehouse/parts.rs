//! Lists that are too long for one fact, cut into parts that are not.

use serde::Serialize;

/// Room for a list in one fact, in bytes as it is written. A line of the journal holds twice as much, for what else
/// stands beside it there.
const ROOM: usize = 30_000;

/// Cuts a list into parts that each fit into a fact, in its order. There is always one part; of an empty list it is empty.
pub fn parts<T: Serialize>(list: impl IntoIterator<Item = T>) -> Vec<Vec<T>> {
    let mut parts = vec![Vec::new()];
    let mut room = ROOM;
    for it in list {
        let text = serde_json::to_string(&it).expect("what a fact is made of becomes JSON");
        // The comma before the next.
        let bytes = text.len() + 1;
        if bytes > room {
            parts.push(Vec::new());
            room = ROOM;
        }
        room = room.saturating_sub(bytes);
        parts
            .last_mut()
            .expect("there is one from the start")
            .push(it);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_list_is_in_its_parts_in_order_and_each_has_room() {
        let list: Vec<String> = (0..5000).map(|n| format!("\u{1F4E6}{n}")).collect();
        let cut = parts(list.clone());
        assert!(cut.len() > 1 && cut.iter().all(|part| !part.is_empty()));
        let written = |part: &Vec<String>| serde_json::to_string(part).unwrap().len();
        assert!(cut.iter().all(|part| written(part) <= ROOM + 2));
        assert_eq!(cut.concat(), list);
        assert_eq!(parts(Vec::<u8>::new()), [Vec::<u8>::new()]);
    }
}
