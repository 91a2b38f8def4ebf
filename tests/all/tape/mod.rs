//! Tapes: what was scanned and keyed, and what must be seen. Every tape is played once as it is (`tapes`), and once for
//! each effect with the power going right after it (`power`).

mod player;
mod reel;
mod registry;
mod ship;
mod world;

use player::{Input, Player};
use ratatui::style::Color;
use reel::Tape;
use stockhand::handheld::Key;
use stockhand::screen::Theme;
use stockhand::warehouse::{Entry, Fact, LabelOf, Language, is_plain};

#[test]
fn every_tape_shows_what_it_must() {
    let tapes = reel::all();
    assert!(tapes.len() >= 30, "only {} tapes were found", tapes.len());
    let wrong: Vec<String> = tapes.iter().flat_map(|tape| tape.play().1).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn work_goes_on_where_the_battery_died() {
    let tapes = reel::all();
    let halves = [0, 1].map(|half| tapes.iter().skip(half).step_by(2));
    std::thread::scope(|scope| {
        for half in halves {
            scope.spawn(move || half.for_each(die_at_every_effect));
        }
    });
}

fn die_at_every_effect(tape: &Tape) {
    let whole = quietly(tape, None);
    let facts = happened(&whole.journal());
    for dies_after in 1..=whole.effects() {
        let broken = quietly(tape, Some(dies_after));
        let what = format!("{}, the power gone after effect {dies_after}", tape.name);
        assert_eq!(happened(&broken.journal()), facts, "{what}");
        assert_eq!(asked(&broken), asked(&whole), "{what}");
        let kinds = |player: &Player| player.labels().len();
        assert_eq!(
            kinds(&broken),
            kinds(&whole),
            "{what}: each label is there once"
        );
    }
}

/// Where the work stands. Work that is done and work that was put away are the same to whoever goes on.
fn asked(player: &Player) -> Option<(&'static str, (usize, usize))> {
    let work = player.model.work.as_ref().filter(|work| !work.is_done())?;
    Some((player::ask_name(&work.prompt().ask), work.prompt().lines))
}

/// Plays what happened, without looking. When the power goes, the worker signs in again; what was on disk by then
/// is done, what was not is done again.
fn quietly(tape: &Tape, dies_after: Option<usize>) -> Player {
    let mut player = Player::new(&tape.tasks, tape.hardware(), dies_after);
    let mut half_done: Vec<Input> = Vec::new();
    for input in tape.inputs() {
        let (before, signed_in) = (player.journal().len(), player.model.worker.is_some());
        player.input(&input);
        if player.died {
            player.survive(signed_in);
            let recorded = player.journal().len() > before + usize::from(signed_in);
            if recorded && !signed_in {
                // The sign-in itself was on disk, but not on the screen.
                player.sign_in();
            } else if !recorded {
                half_done.push(input);
                half_done.iter().for_each(|input| player.input(input));
            }
            half_done.clear();
        } else if player.journal().len() > before {
            half_done.clear();
        } else {
            half_done.push(input);
        }
    }
    player
}

/// What happened to the work, whoever signed in how often.
fn happened(journal: &[Entry]) -> Vec<Fact> {
    journal
        .iter()
        .filter_map(|entry| match entry.fact.clone() {
            Fact::SignedIn { .. } | Fact::SignedOut { .. } => None,
            // Its number depends on how often someone signed in.
            Fact::Undone { what, .. } => Some(Fact::Undone { seq: 0, what }),
            Fact::LabelWanted { of } if matches!(*of, LabelOf::Again { .. }) => {
                let of = Box::new(LabelOf::Again { seq: 0 });
                Some(Fact::LabelWanted { of })
            }
            fact => Some(fact),
        })
        .collect()
}

/// Rows that end in a cut. What ends in dots by itself has a blank before them.
fn cut(rows: &[String]) -> usize {
    let is_cut = |row: &&String| row.trim_end().ends_with('…') && !row.trim_end().ends_with(" …");
    rows.iter().filter(is_cut).count()
}

#[test]
fn no_language_is_cut_on_the_smallest_screen_where_english_is_not() {
    let mut wrong = std::collections::BTreeSet::new();
    for tape in reel::all() {
        let mut player = Player::new(&tape.tasks, tape.hardware(), None);
        for input in tape.inputs() {
            player.input(&input);
            let english = player.screen_in(Language::English, 20, 16);
            for language in Language::ALL {
                let rows = player.screen_in(language, 20, 16);
                if cut(&rows) > cut(&english) {
                    wrong.insert(format!("{language:?}\n{}", rows.join("|\n")));
                }
            }
        }
    }
    let all: Vec<String> = wrong.into_iter().collect();
    assert!(
        all.is_empty(),
        "{} screens:\n{}",
        all.len(),
        all.join("\n\n")
    );
}

/// What a terminal would obey, and what no eye sees: escapes, C1 controls, bidi overrides, zero-width characters.
const HOSTILE: [char; 6] = [
    '\u{1b}', '\u{9b}', '\u{7}', '\u{202e}', '\u{200b}', '\u{feff}',
];

#[test]
fn whatever_a_label_or_a_key_holds_every_screen_shows_plain_characters_alone() {
    let labels = [
        "\u{1b}[2JA-01-03",
        "]C1010950600013435210LOT\u{202e}7",
        "]Q0\u{200b}SO-1\u{feff}",
        "]Q1https://id.gs1.org/01/09506000134352/10/%1B%5B2J",
        "(\u{9b}31m)",
    ];
    let mut turns = labels.iter().cycle();
    let mut sizes = [(20, 16), (30, 20), (40, 12), (80, 24)].into_iter().cycle();
    for tape in reel::all() {
        let mut player = Player::new(&tape.tasks, tape.hardware(), None);
        for input in tape.inputs() {
            player.input(&input);
            let keys = HOSTILE.map(|c| Input::Key(Key::Char(c)));
            let label = turns.next().expect("they come again and again");
            let heard = Input::Heard(label.bytes().collect());
            keys.iter().for_each(|key| player.input(key));
            for (width, height) in [(20, 16), sizes.next().expect("and again")] {
                let rows = player.screen(width, height);
                let plain = rows.iter().all(|row| row.chars().all(is_plain));
                assert!(plain, "{}: {rows:?}", tape.name);
                player.input(&heard);
            }
        }
        for entry in player.journal() {
            assert!(entry.line().chars().all(is_plain), "{}", entry.line());
        }
    }
}

#[test]
fn without_colours_everything_still_says_what_it_is() {
    let tape = reel::all()
        .into_iter()
        .find(|tape| tape.name == "pick/wrong_bin")
        .unwrap();
    let (player, _) = tape.play();
    let colours = |theme| {
        let screen = player.painted(theme, 20, 16);
        let cells = screen.content().iter();
        cells
            .flat_map(|cell| [cell.fg, cell.bg])
            .collect::<std::collections::HashSet<Color>>()
    };
    assert_eq!(colours(Theme::Mono), [Color::Reset].into());
    assert!(colours(Theme::Colour).len() > 3);
    let few = [Color::White, Color::Black, Color::Yellow].into();
    assert!(colours(Theme::HighContrast).is_subset(&few));
    let text = player.screen(20, 16).join(" ");
    assert!(text.contains("NO:"), "a sign stands beside the colour");
}
