//! How results are to be read, whatever they are written as: what they must not be used for, and what grades mean.

/// What the grades of evidence mean.
pub const GRADE_WORDS: &str = "A official statistics; A* arithmetic on official figures; B peer reviewed; C grey literature; \
                          D assumption; M not verified";

/// What figures of a run must not be used for, a sentence each.
///
/// * `first`, `last` - the months that were played, as `April 2026`
pub fn not_for(first: &str, last: &str) -> [String; 5] {
    [
        "To decide about a named worker, family or child: it speaks of a service, on average over many plays.".to_owned(),
        format!("For another service, or for time outside {first} to {last}: its inputs describe this one."),
        "As a forecast of what will happen. It says what follows from the inputs, and how far chance alone spreads it."
            .to_owned(),
        "As statistics about children. Every figure here is simulated, none is counted.".to_owned(),
        "To judge the quality of practice, or harm to children: the model counts cases, hours and time, and no outcome."
            .to_owned(),
    ]
}
