//! Which facts are steps of work.

use super::Fact;

impl Fact {
    /// Whether this is a step of guided work, which can be taken back; beginning, leaving, signing in and
    /// counting by tags are not.
    pub const fn is_step(&self) -> bool {
        !matches!(
            self,
            Self::SignedIn { .. }
                | Self::SignedOut { .. }
                | Self::TaskOpened { .. }
                | Self::TaskStarted { .. }
                | Self::TaskLeft
                | Self::TagsCounted { .. }
                | Self::LabelWanted { .. }
                | Self::MessageRead { .. }
                | Self::Undone { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::Area;
    use super::*;

    #[test]
    fn a_count_of_a_bin_is_written_as_it_always_was() {
        let old = r#"{"fact":"tags_counted","bin":"A-01-03","counted":[[{"item":"BOLT"},"50"]],"unknown":1}"#;
        let fact: Fact = serde_json::from_str(old).unwrap();
        let area = Area::Bin("A-01-03".parse().unwrap());
        assert!(matches!(&fact, Fact::TagsCounted { area: of, more: false, .. } if *of == area));
        assert_eq!(serde_json::to_string(&fact).unwrap(), old);
        let zone = old.replace("\"bin\":\"A-01-03\"", "\"zone\":\"A\"");
        let fact: Fact = serde_json::from_str(&zone).unwrap();
        assert_eq!(serde_json::to_string(&fact).unwrap(), zone);
    }
}
