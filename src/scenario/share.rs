//! Shares, where per cent were meant.

/// A number of per cent as the share that it means, with two decimals at least: 12 is `0.12`.
pub fn as_share(percent: f64) -> String {
    let short = (percent / 100.0).to_string();
    let decimals = short.split_once('.').map_or(0, |(_, after)| after.len());
    if decimals < 2 {
        format!("{:.2}", percent / 100.0)
    } else {
        short
    }
}
