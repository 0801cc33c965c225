//! The targets at random, under stable `cargo test`: a second each, or as long as BOLERO_RANDOM_TEST_TIME_MS says.

/// What is shipped is right, and is looked at as it stands.
#[test]
fn the_corpus_itself_is_taken() {
    for text in casecap_fuzz::SCENARIOS {
        casecap_fuzz::scenario(text.as_bytes());
    }
}

#[test]
fn scenarios() {
    bolero::check!().for_each(|bytes: &[u8]| casecap_fuzz::scenario(bytes));
}

#[test]
fn data() {
    bolero::check!().for_each(|bytes: &[u8]| casecap_fuzz::data(bytes));
}

#[test]
fn arguments() {
    bolero::check!().for_each(|bytes: &[u8]| casecap_fuzz::arguments(bytes));
}

#[test]
fn results() {
    bolero::check!().for_each(|bytes: &[u8]| casecap_fuzz::results(bytes));
}
