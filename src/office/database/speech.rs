//! How the same SQL is said to PostgreSQL: the few words that differ, outside of texts and comments.

/// A statement: parameters are `$1` instead of `?1`.
pub(super) fn statement(sql: &str) -> String {
    words(sql, |word| match word.strip_prefix('?') {
        Some(number) => format!("${number}"),
        None => word.to_owned(),
    })
}

/// A schema step: whole numbers have 64 bits, and text is ordered by its bytes, as SQLite does both.
pub(super) fn schema(sql: &str) -> String {
    words(sql, |word| match word {
        "INTEGER" => "BIGINT".to_owned(),
        "TEXT" => "TEXT COLLATE \"C\"".to_owned(),
        other => other.to_owned(),
    })
}

/// Puts each word through `say`; texts, names in quotes and comments stay as they are.
fn words(sql: &str, say: impl Fn(&str) -> String) -> String {
    let mut said = String::with_capacity(sql.len() + 16);
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            first if is_of_word(first) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
        let (part, after) = rest.split_at(length);
        if is_of_word(first) {
            said.push_str(&say(part));
        } else {
            said.push_str(part);
        }
        rest = after;
    }
    said
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '?'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_stay_as_they_are() {
        assert_eq!(
            statement("SELECT '?1', it''s FROM a WHERE b = ?12 -- ?1 isn't\nAND c=?2"),
            "SELECT '?1', it''s FROM a WHERE b = $12 -- ?1 isn't\nAND c=$2"
        );
        assert_eq!(
            schema("a INTEGER, b TEXT, -- TEXT\nc_INTEGER TEXT DEFAULT 'TEXT'"),
            "a BIGINT, b TEXT COLLATE \"C\", -- TEXT\nc_INTEGER TEXT COLLATE \"C\" DEFAULT 'TEXT'"
        );
    }
}
