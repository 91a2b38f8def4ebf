//! The checks that the dictionary names: every name it may use, and the function behind it.

use super::{Lint, lint_coupon, lint_dates, lint_keys, lint_lists, lint_text};

/// A check on one component of a value.
pub(super) type Linter = fn(&[u8]) -> Result<(), Lint>;

/// The check of that name; none if there is none, which makes the dictionary unusable.
pub(super) fn named(name: &str) -> Option<Linter> {
    Some(match name {
        "couponcode" => lint_coupon::code,
        "couponposoffer" => lint_coupon::offer,
        "csum" => lint_keys::check_digit,
        "csumalpha" => lint_keys::check_pair,
        // The older editions' names for the same.
        "gcppos1" | "key" => lint_keys::prefix_first,
        "gcppos2" | "keyoff1" => lint_keys::prefix_second,
        "hasnondigit" => lint_text::not_only_digits,
        "hh" => lint_dates::hour,
        "hhmi" | "hhmm" => lint_dates::hour_minute,
        "hyphen" => lint_text::minus,
        "iban" => lint_keys::iban,
        "importeridx" => lint_text::importer_index,
        "iso3166" => lint_lists::country,
        "iso3166999" => lint_lists::country_or_many,
        "iso3166alpha2" => lint_lists::country_letters,
        "iso4217" => lint_lists::currency,
        "iso5218" => lint_lists::sex,
        "latitude" => lint_text::latitude,
        "longitude" => lint_text::longitude,
        "mediatype" => lint_lists::media_type,
        "mi" | "ss" => lint_dates::sixtieth,
        "nonzero" => lint_text::not_zero,
        "nozeroprefix" => lint_text::no_zero_in_front,
        "packagetype" => lint_lists::package_type,
        "pcenc" => lint_text::percent,
        "pieceoftotal" => lint_keys::piece_of_total,
        "posinseqslash" => lint_text::position,
        "winding" => lint_lists::winding,
        "yesno" => lint_lists::yes_no,
        "yymmd0" => lint_dates::day_or_month,
        "yymmdd" => lint_dates::day,
        "yyyymmd0" => lint_dates::long_day_or_month,
        "yyyymmdd" => lint_dates::long_day,
        "zero" => lint_text::zero,
        _ => return None,
    })
}
