//! What does a manager hold?

use crate::policy::trigger::Per;

/// Managers hold the first units of the waiting list themselves.
///
/// The cases stay on the list, count as allocated in reported figures, and are worked a little. An unpaced stage
/// runs as with any present worker as soon as the speed is above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ManagerHolds {
    /// Units for each manager.
    pub units: u32,
    /// Speed of the work, and share of the need that is met [1].
    pub speed: f64,
    /// From the list of the service as a whole, or each team's managers from its own.
    pub per: Per,
}

/// Managers for a number of posts: posts over span, rounded up.
///
/// * `posts` - [posts]; * `span` - posts for each manager, > 0
pub fn managers(posts: f64, span: f64) -> f64 {
    (posts / span - 1e-9).ceil().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_begun_span_needs_another_manager() {
        assert_eq!(managers(0.0, 6.0), 0.0);
        assert_eq!(managers(6.0, 6.0), 1.0);
        assert_eq!(managers(7.0, 6.0), 2.0);
        assert_eq!(managers(12.0, 0.1 * 3.0), 40.0);
    }

    proptest! {
        #[test]
        fn nobody_has_more_than_a_span(posts in 0_u32..500, span in 1_u32..20) {
            let number = managers(f64::from(posts), f64::from(span));
            prop_assert!(number * f64::from(span) >= f64::from(posts));
            prop_assert!((number - 1.0) * f64::from(span) < f64::from(posts));
        }
    }
}
