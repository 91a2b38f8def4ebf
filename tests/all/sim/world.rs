//! What the warehouse of a simulation has, and what comes in while it runs.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use std::fmt::Write;
use stockhand::office::import::Sheet;
use stockhand::warehouse::Quantity;

const BINS: u64 = 12;

fn sheet(name: &str, text: String) -> Sheet {
    Sheet::new(name, text).expect("a sheet of this name is known")
}

/// Bolts, milk with lots and expiries, drills with serials, in twelve bins; a worker for each handheld.
pub fn start(handhelds: usize) -> Vec<Sheet> {
    let params = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let pin = argon.hash_password_with_salt(b"1101", b"salt of a sort..");
    let pin = pin.unwrap().to_string();
    let mut workers = "warehouse,code,name,badge,pin,role\n".to_owned();
    for n in 1..=handhelds {
        let row = format!("W1,P{n},Picker {n},BADGE-10{n},\"{pin}\",picker\n");
        workers.push_str(&row);
    }
    let mut bins = "warehouse,code,zone,kind,sequence\n".to_owned();
    for n in 1..=BINS {
        writeln!(bins, "W1,A-01-{n:02},A,pick_face,{n}").unwrap();
        writeln!(bins, "W1,B-01-{n:02},B,reserve,{}", n + BINS).unwrap();
    }
    bins.push_str("W1,RECV-01,R,receiving,91\nW1,PACK-01,P,packing,92\nW1,DOCK-01,D,dock,93\n");
    let mut stock = "warehouse,bin,item,lot,serial,expiry,quantity\n".to_owned();
    stock.push_str("W1,A-01-01,BOLT,,,,400\nW1,B-01-05,BOLT,,,,600\n");
    stock.push_str("W1,A-01-02,MILK,L1,,2035-01-31,80\nW1,B-01-01,MILK,L2,,2035-06-30,220\n");
    for n in 1..=40 {
        writeln!(stock, "W1,A-01-{:02},DRILL,,S{n},,1", 3 + n % 4).unwrap();
    }
    vec![
        sheet("warehouses.csv", "code,name\nW1,Main\n".to_owned()),
        sheet(
            "items.csv",
            "code,name,unit,lot,serial,expiry\nBOLT,Bolt,each,no,no,no\nMILK,Milk,each,yes,no,yes\n\
             DRILL,Drill,each,no,yes,no\n"
                .to_owned(),
        ),
        sheet(
            "barcodes.csv",
            "code,item,holds\n09506000134352,BOLT,1\n09506000117843,MILK,1\n09506000140445,DRILL,1\n"
                .to_owned(),
        ),
        sheet("bins.csv", bins),
        sheet("workers.csv", workers),
        sheet("stock.csv", stock),
    ]
}

/// What [`start`] puts into the bins.
pub fn at_start() -> Quantity {
    Quantity::units(400 + 600 + 80 + 220 + 40)
}

/// An order of a customer, and now and then goods of a supplier.
pub fn news(number: u64) -> Vec<Sheet> {
    let mut orders = "warehouse,order,customer,priority,line,item,lot,quantity\n".to_owned();
    let priority = number % 9;
    write!(
        orders,
        "W1,SO-{number},C,{priority},1,BOLT,,{}\nW1,SO-{number},C,{priority},2,MILK,,2\n",
        1 + number % 5
    )
    .unwrap();
    if number.is_multiple_of(3) {
        writeln!(orders, "W1,SO-{number},C,{priority},3,DRILL,,1").unwrap();
    }
    let mut sheets = vec![sheet("orders.csv", orders)];
    if number.is_multiple_of(4) {
        let mut receipts =
            "warehouse,order,supplier,priority,line,item,lot,serial,expiry,quantity\n".to_owned();
        write!(
            receipts,
            "W1,PO-{number},S,1,1,BOLT,,,,8\nW1,PO-{number},S,1,2,MILK,R{number},,2036-01-31,6\n"
        )
        .unwrap();
        sheets.push(sheet("receipts.csv", receipts));
    }
    if number.is_multiple_of(5) {
        let mut shipments = "warehouse,shipment,order,stop,door,carrier\n".to_owned();
        writeln!(shipments, "W1,SHP-{number},SO-{number},1,DOCK-01,C").unwrap();
        sheets.push(sheet("shipments.csv", shipments));
    }
    sheets
}
