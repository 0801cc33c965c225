//! A small scenario to start from.

/// A commented scenario that can be played as it is.
pub fn starter() -> &'static str {
    include_str!("starter.toml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::Document;

    #[test]
    fn the_starter_can_be_played() {
        let document = Document::parse("starter", starter()).unwrap_or_else(|p| panic!("{p}"));
        assert!(document.warnings().is_empty(), "{}", document.warnings());
    }

    #[test]
    fn a_minimal_scenario_fits_in_25_lines() {
        let lines = |text: &str| {
            text.lines()
                .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
                .count()
        };
        assert!(lines(starter()) <= 25, "{}", lines(starter()));
    }
}
