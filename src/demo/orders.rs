//! The demo's open orders, and receipts whose goods stand at receiving.

use super::assets::{Partner, Plan};
use super::dice::Dice;
use super::goods::{Article, PREFIX};
use super::sheet::{Table, row};
use super::stock::{Standing, lot};
use crate::warehouse::Sscc;
use chrono::NaiveDate;

fn named<'a>(partners: &'a [Partner], kind: &str) -> Vec<&'a str> {
    let of_kind = partners.iter().filter(|partner| partner.kind == kind);
    of_kind.map(|partner| partner.name.as_str()).collect()
}

/// Rows of `orders.csv` for one warehouse: one to six lines each, of what is in stock; every fifth is urgent and due today.
pub(super) fn sales(
    table: &mut Table,
    plan: &Plan,
    articles: &[Article],
    standing: &[Standing],
    partners: &[Partner],
    today: NaiveDate,
    dice: &mut Dice,
) {
    let customers = named(partners, "customer");
    let mut wanted = std::collections::BTreeSet::new();
    for number in 1..=plan.orders {
        let order = format!("SO-{}{number:03}", plan.code.trim_start_matches('W'));
        let customer = dice.pick(&customers);
        let (priority, due) = if number % 5 == 0 {
            (10, format!("{today}T{:02}:00:00Z", dice.between(14, 20)))
        } else {
            (50, String::new())
        };
        for line in 1..=dice.between(1, 6) {
            let mut stock = dice.pick(standing);
            // Each item is wanted by one order, so that every order can be picked whole.
            while !wanted.insert(stock.article) {
                stock = dice.pick(standing);
            }
            let article = &articles[stock.article];
            let most = if article.serials {
                1
            } else {
                stock.quantity.min(12)
            };
            let quantity = dice.between(1, most);
            row!(
                table,
                plan.code,
                order,
                customer,
                priority,
                due,
                line,
                article.code,
                quantity
            );
        }
    }
}

/// Rows of `receipts.csv` for one warehouse: each at a receiving bin of its own or still to come, two to five lines,
/// every third on a license plate.
pub(super) fn receipts(
    table: &mut Table,
    plan: &Plan,
    articles: &[Article],
    partners: &[Partner],
    today: NaiveDate,
    dice: &mut Dice,
) {
    let suppliers = named(partners, "supplier");
    let bought: Vec<&Article> = articles.iter().filter(|article| !article.serials).collect();
    for number in 1..=plan.receipts {
        let order = format!("PO-{}{number:03}", plan.code.trim_start_matches('W'));
        // Every fourth is still to come: it is received on the handheld.
        let bin = if number % 4 == 0 {
            String::new()
        } else {
            format!("RECV-{:02}", (number - 1) % plan.receiving + 1)
        };
        let supplier = dice.pick(&suppliers);
        for line in 1..=dice.between(2, 5) {
            let article = dice.pick(&bought);
            let (lot, expiry) = lot(article, false, today, dice);
            let plate = if line % 3 == 1 {
                plate(plan, number, line)
            } else {
                String::new()
            };
            let quantity = article.case * dice.between(1, 6);
            row!(
                table,
                plan.code,
                order,
                supplier,
                bin,
                line,
                article.code,
                lot,
                expiry,
                plate,
                quantity
            );
        }
    }
}

// GS1 General Specifications §3.2: extension digit, company prefix, serial reference.
fn plate(plan: &Plan, receipt: u32, line: u32) -> String {
    let warehouse = plan.code.trim_start_matches('W');
    let body = format!("3{PREFIX}{warehouse:0>3}{receipt:04}{line:02}");
    let plate = Sscc::from_body(&body);
    plate.expect("these are seventeen digits").to_string()
}
