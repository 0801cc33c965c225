//! The scenario in the form that the loop wants: tables and indices (in work).

use crate::metric::layout::Layout;
use crate::scenario::sections::Scenario;

/// What every replication of a scenario shares.
#[derive(Clone, Debug)]
pub struct World {
    /// The scenario that is played.
    pub scenario: Scenario,
    /// Where each number of a record stands.
    pub layout: Layout,
}

impl World {
    /// Prepares a checked scenario for play.
    pub fn new(scenario: Scenario) -> World {
        let months = scenario.calendar.reported().len();
        let layout = Layout::new(
            months,
            scenario.teams.len(),
            scenario.stages.len(),
            scenario.grades.len(),
        );
        World { scenario, layout }
    }
}
