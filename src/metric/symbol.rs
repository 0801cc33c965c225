//! What stands in a table where a number cannot.
//!
//! # Source
//! Department for Education, symbols of its official statistics (2024 guidance).

/// There is no such number: nothing to measure, or no such thing under this policy.
pub const NOT_APPLICABLE: &str = "z";
/// There is such a number, and it is not known.
pub const UNAVAILABLE: &str = "x";
/// It rounds to 0 and is not 0.
pub const LOW: &str = "low";

/// Each symbol, and what it means.
pub const SYMBOLS: [(&str, &str); 3] = [
    (
        NOT_APPLICABLE,
        "not applicable: there is nothing to measure, or no such thing under this policy",
    ),
    (
        UNAVAILABLE,
        "not available: too few plays to tell, or a file that does not hold it",
    ),
    (LOW, "rounds to 0 and is not 0"),
];
