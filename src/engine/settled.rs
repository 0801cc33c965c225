//! Who is absent, under notice and strained when the simulation begins: a service long under way, not one that opens
//! its doors with everybody fresh and at work.
//!
//! Each person who is there at the origin is drawn as an inspector would find it at a random instant, under the hazards
//! of its time in post and of the strain that the opening workload makes. With a hazard `a` while the state lasts not,
//! and a mean `m` of the state, it is found in the state with probability `a m / (1 + a m)`, the long-run share of an
//! alternating renewal process (Cox, Renewal Theory, section 7.2), and what is left of the state follows its
//! equilibrium distribution. Absence and notice are drawn apart, since a person may be both.
//!
//! How many posts are filled is what the file says (`filled`, all unless stated): a number that every service knows.
//!
//! Three things are approximate, because they depend on a past that no scenario states: someone under notice holds as
//! many cases as the others, though none were added since the notice; the probabilities use the strain at full presence;
//! and a time in post shorter than the time since the notice is not excluded.

use crate::engine::case::NOBODY;
use crate::engine::play::Play;
use crate::model::calendar::DAYS_PER_YEAR;
use crate::random::draw::equilibrium;
use crate::random::stream::Purpose;
use crate::scenario::sections::StaffAtStart;

impl Play<'_> {
    /// Settles the people who are there at the origin, once the opening cases have their workers.
    pub(super) fn settle_people(&mut self) {
        let workers = self.board.workers.len() as u32;
        for worker in 0..workers {
            if self.worker(worker).is_present {
                self.rework(worker);
            }
        }
        if self.world.scenario.staff_at_start == StaffAtStart::Fresh {
            return;
        }
        for worker in 0..workers {
            if self.worker(worker).is_present {
                self.settle_strain(worker);
            }
        }
        for worker in 0..workers {
            if self.worker(worker).is_present {
                self.settle_notice(worker);
                self.settle_absence(worker);
                self.schedule_person(worker);
            }
        }
        self.hand_over_at_origin();
    }

    /// Strain at the level to which the opening workload drives it.
    fn settle_strain(&mut self, worker: u32) {
        let holder = self.worker_mut(worker);
        holder.strain = holder.strain_target;
        if holder.strain > holder.burnout_from && !holder.was_burnt_out {
            holder.was_burnt_out = true;
            self.board.observer.burnt_people += 1;
        }
    }

    /// A person may be under notice.
    fn settle_notice(&mut self, worker: u32) {
        let world = self.world;
        let holder = self.worker(worker);
        let grade = &world.scenario.grades[holder.grade as usize];
        let years = (self.now - holder.started) / DAYS_PER_YEAR;
        let hazard = self.leaving_hazard(worker, years, holder.strain);
        let (kind, post) = self.person_kind(worker);
        let occasion = u64::from(holder.incumbent);
        let mut stream = self
            .luck
            .stream(kind, post, occasion, Purpose::NoticeAtStart);
        if stream.uniform() < long_run_share(hazard * grade.notice.mean()) {
            let (_, left) = equilibrium(&grade.notice, &mut stream);
            let leaves_at = self.now + left;
            let holder = self.worker_mut(worker);
            holder.is_leaving = true;
            holder.leaves_at = leaves_at;
            self.place(worker);
        }
    }

    /// A person may be absent, for some time already.
    fn settle_absence(&mut self, worker: u32) {
        let world = self.world;
        let Some(absence) = &world.scenario.absence else {
            return;
        };
        let holder = self.worker(worker);
        let hazard = self.absence_hazard(worker, holder.strain);
        let (kind, post) = self.person_kind(worker);
        let occasion = u64::from(holder.incumbent);
        let mut stream = self
            .luck
            .stream(kind, post, occasion, Purpose::AbsenceAtStart);
        if stream.uniform() < long_run_share(hazard * absence.spell.mean()) {
            let (age, left) = equilibrium(&absence.spell, &mut stream);
            let tau = world.scenario.strain.tau_days;
            let holder = self.worker_mut(worker);
            // Strain has fallen since the absence began.
            holder.strain *= if tau > 0.0 {
                libm::exp(-age / tau)
            } else {
                0.0
            };
            self.begin_absence(worker, age, left);
        }
    }

    /// The opening cases of those who have been absent for longer than `cover_after` were handed over before the
    /// origin: they go to the least loaded, as all opening cases do, and are no transfers.
    fn hand_over_at_origin(&mut self) {
        for worker in 0..self.board.workers.len() as u32 {
            if !self.worker(worker).is_absent || self.worker(worker).cover_at > self.now {
                continue;
            }
            self.worker_mut(worker).cover_at = f64::INFINITY;
            self.schedule_person(worker);
            let hand = self.cases_in_order(worker);
            for case in &hand {
                self.stop_clocks(*case);
                self.let_go(*case);
                let at = self.case_mut(*case);
                at.was_allocated = false;
                at.former = NOBODY;
                match self.worker_at_origin(*case) {
                    Some(taker) => {
                        self.hold(*case, taker);
                        self.rework(taker);
                        self.settle_strain(taker);
                    }
                    None => self.start_waiting(*case),
                }
            }
            self.board.hand = hand;
            self.rework(worker);
        }
    }
}

/// Long-run share of time in a state that lasts `m` in the mean and is entered at a rate `a` outside it [1].
///
/// * `ratio` - `a m` [1]; infinity gives 1
fn long_run_share(ratio: f64) -> f64 {
    if ratio == f64::INFINITY {
        1.0
    } else {
        ratio / (1.0 + ratio)
    }
}
