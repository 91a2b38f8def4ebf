//! What is read a thousand times a second takes no memory from the system: element strings and the tags of 96 bits.

use stockhand::scan::gs1::{Rules, parse};
use stockhand::scan::{Epc, RawEpc};

#[test]
fn reading_labels_and_tags_takes_no_memory() {
    let labels = [
        "010950600013435217261231\u{31}0LOT7\u{1d}21S1",
        "0010614141234567890802095060001343523724",
        "01095060001343523103001250\u{1d}",
        "4149506000134352254A1",
    ];
    let tags = [
        "30364433400D1EC000000001",
        "3034257BF7194E4000001A85",
        "31547A120000000002000000",
    ];
    // What is made once, the dictionary, is made before.
    parse(labels[0].as_bytes(), Rules::FLOOR).expect("a good label");
    let mut read = 0;
    let allocated = allocation_counter::measure(|| {
        for label in labels {
            let elements = parse(label.as_bytes(), Rules::FLOOR).expect("a good label");
            read += elements.iter().map(|it| it.value.len()).sum::<usize>();
        }
        for hex in tags {
            let epc = RawEpc::from_hex(hex)
                .and_then(|raw| Epc::decode(&raw))
                .expect("a good tag");
            read += usize::from(epc.gtin().is_some()) + epc.scheme().name().len();
        }
    });
    assert!(read > 3, "all of it was read");
    assert_eq!(allocated.count_total, 0);
}
