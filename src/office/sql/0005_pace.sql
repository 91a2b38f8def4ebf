-- What was done since a moment is asked all day.

CREATE INDEX journal_by_time ON journal (received_at);
