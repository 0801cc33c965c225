//! Numbers as they may be typed.

use std::str::FromStr;

/// Reads a whole number; tells how to write one that was meant.
pub(crate) fn whole_number<N: FromStr>(text: &str) -> Result<N, String> {
    /// From here on not every whole number is a double.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let plain = text.replace([',', '_', ' '], "");
    text.parse().map_err(|_| match plain.parse::<f64>() {
        Ok(meant) if (0.0..EXACT).contains(&meant) && libm::trunc(meant) == meant => {
            format!("write it in digits alone: {meant:.0}")
        }
        _ => "write a whole number, 0 or more, in digits alone, such as 1000".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_not_in_digits_is_told_how() {
        assert_eq!(whole_number("1000"), Ok(1000_u64));
        assert_eq!(whole_number(&u64::MAX.to_string()), Ok(u64::MAX));
        for text in ["1e3", "1,000", "1000.0", "1_000"] {
            let told = whole_number::<u64>(text).unwrap_err();
            assert_eq!(told, "write it in digits alone: 1000", "{text}");
        }
        for text in ["-1", "many", "", "1.5", "NaN", "1e300"] {
            let told = whole_number::<u64>(text).unwrap_err();
            assert!(told.starts_with("write a whole number"), "{text}: {told}");
        }
    }
}
