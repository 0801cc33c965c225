//! Numbers without a pattern, for tests: this room knows no generator of its own.

/// A number in 0 to 1; the state is any number to begin with.
pub(super) fn luck(state: &mut u64) -> f64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}
