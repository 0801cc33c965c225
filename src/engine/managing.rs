//! What managers hold: the first units of the list, which stay there.

use crate::engine::case::State;
use crate::engine::play::Play;
use crate::engine::sums::summable;
use crate::policy::manager::managers;
use crate::policy::trigger::Per;

impl Play<'_> {
    /// Managers hold the first units of the list as it stands now, and no others.
    #[inline]
    pub(super) fn managers_hold(&mut self) {
        if self.phase.manager_holds.is_some() || !self.board.managed.is_empty() {
            self.take_and_release();
        }
    }

    fn take_and_release(&mut self) {
        let holds = self.phase.manager_holds;
        let speed = holds.map_or(0.0, |holds| holds.speed);
        let mut held = std::mem::take(&mut self.board.held_spare);
        held.clear();
        if let (Some(holds), Some(span)) = (holds, self.span()) {
            let places = |posts: f64| holds.units as usize * managers(posts, span) as usize;
            let observer = &self.board.observer;
            match holds.per {
                Per::Team => {
                    for (queue, standing) in self.board.queues.iter().zip(&observer.standings) {
                        held.extend(queue.iter().take(places(standing.posts)));
                    }
                }
                Per::Service => {
                    let mut all: Vec<_> = std::mem::take(&mut self.board.heads);
                    all.clear();
                    let most = places(observer.standing.posts);
                    for queue in &self.board.queues {
                        all.extend(queue.entries().take(most));
                    }
                    if self.board.queues.len() > 1 {
                        all.sort_unstable();
                    }
                    held.extend(all.iter().take(most).map(|(_, unit)| *unit));
                    self.board.heads = all;
                }
            }
        }
        held.sort_unstable();
        // Whoever joins or leaves a unit that is held takes it off the desk first.
        let is_as_before = held == self.board.held_units && speed == self.board.held_speed;
        if !is_as_before || self.board.left_a_desk {
            self.fit_desks(&held, speed);
            self.board.held_speed = speed;
            self.board.left_a_desk = false;
        }
        self.board.held_spare = std::mem::replace(&mut self.board.held_units, held);
    }

    /// Managers let go what they are not to hold, and take what they lack.
    ///
    /// * `held` - units that they are to hold, by case number; * `speed` - of their work [1]
    fn fit_desks(&mut self, held: &[u32], speed: f64) {
        let mut managed = std::mem::take(&mut self.board.managed);
        managed.retain(|case| {
            let at = self.case(*case);
            let stays = at.is_managed && held.binary_search(&at.unit).is_ok();
            if at.is_managed && (!stays || at.still_speed != speed) {
                self.release(*case);
            }
            stays && self.case(*case).is_managed
        });
        self.board.managed = managed;
        for unit in held {
            let mut hand = self.take_hand();
            hand.extend(
                self.waiting_in(*unit)
                    .filter(|at| !self.case(*at).is_managed),
            );
            for case in &hand {
                self.take_to_desk(*case, speed);
            }
            self.board.hand = hand;
        }
    }

    /// Posts for each manager, where the scenario has managers.
    fn span(&self) -> Option<f64> {
        self.world.scenario.managers.map(|managers| managers.span)
    }

    fn take_to_desk(&mut self, case: u32, speed: f64) {
        let now = self.now;
        self.settle_case(case);
        let at = self.case(case);
        let table = &self.world.stages[at.stage as usize];
        let need = if at.unit == case {
            table.hours
        } else {
            table.sibling_hours
        };
        let worked = summable(need * speed);
        let team = at.team;
        let at = self.case_mut(case);
        at.is_managed = true;
        at.still_speed = speed;
        at.managed_hours = worked;
        self.board.observer.stand(team, now, |standing| {
            standing.manager_held += 1.0;
            standing.manager_hours += worked;
        });
        self.board.managed.push(case);
        self.schedule_still(case);
    }

    /// A case leaves the manager's desk: it waits on, or goes to a worker.
    pub(super) fn release(&mut self, case: u32) {
        let now = self.now;
        self.settle_case(case);
        let at = self.case_mut(case);
        at.is_managed = false;
        at.still_speed = 0.0;
        self.board.left_a_desk = true;
        let at = self.case(case);
        let (team, worked) = (at.team, at.managed_hours);
        self.board.observer.stand(team, now, |standing| {
            standing.manager_held -= 1.0;
            standing.manager_hours -= worked;
        });
        if self.case(case).state == State::Waiting {
            self.schedule_still(case);
        }
    }
}
