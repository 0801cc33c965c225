//! When a person gives notice or falls ill: the fields of points under the hazards that strain makes.

use crate::engine::play::Play;
use crate::model::calendar::DAYS_PER_YEAR;
use crate::model::strain;
use crate::policy::arrow::Arrow;
use crate::random::draw::draw;
use crate::random::stream::Purpose;

/// Strips of a field are told apart from incumbents by this factor in the occasion of their stream.
const STRIPS: u64 = 64;
/// Strain beyond the present one up to which fields are drawn [SD].
const AHEAD: f64 = 0.25;

impl Play<'_> {
    /// Draws as much of a person's fields as the hazards that can hold before the next change need.
    #[inline]
    pub(super) fn cover_fields(&mut self, worker: u32) {
        let holder = self.worker(worker);
        let highest = holder.strain.max(holder.strain_target);
        if highest > holder.covered {
            self.cover_up_to(worker, highest);
        }
    }

    fn cover_up_to(&mut self, worker: u32, highest: f64) {
        let now = self.now;
        let world = self.world;
        let luck = self.luck;
        let (kind, post) = self.person_kind(worker);
        let strain = &world.scenario.strain;
        let (b_leave, b_absence) = self.effects_of_strain();
        let holder = &mut self.board.workers[worker as usize];
        let times = self.board.terms.leaving(holder.team, holder.grade);
        let most = strain.hazard_max_per_year / DAYS_PER_YEAR;
        let grade = &world.scenario.grades[holder.grade as usize];
        // A little further than needed, so that a rising strain seldom asks again: strips too many change nothing.
        let highest = highest + AHEAD;
        holder.covered = highest;
        let occasion = u64::from(holder.incumbent) * STRIPS;
        let mut changed = false;
        if !grade.leave.is_empty() && !holder.is_leaving {
            let base = grade
                .leave
                .iter()
                .map(|step| step.per_year)
                .fold(0.0, f64::max)
                / DAYS_PER_YEAR;
            let bound =
                (base * times * relative(b_leave, strain.frailty, holder.disposition, highest))
                    .min(most);
            let before = holder.leaving.next_time();
            holder.leaving.cover(bound, now, |strip| {
                luck.stream(kind, post, occasion + strip, Purpose::Leaving)
            });
            changed |= holder.leaving.next_time() != before;
        }
        if world.scenario.absence.is_some() && grade.absences_per_year > 0.0 {
            let base = grade.absences_per_year / DAYS_PER_YEAR;
            let effect = relative(b_absence, strain.frailty, holder.disposition, highest);
            let before = holder.absence.next_time();
            holder
                .absence
                .cover((base * effect).min(most), now, |strip| {
                    luck.stream(kind, post, occasion + strip, Purpose::Absence)
                });
            changed |= holder.absence.next_time() != before;
        }
        if changed {
            self.schedule_person(worker);
        }
    }

    /// What strain adds to the log hazards of leaving and of absence [per SD]; 0 where that feedback is cut.
    fn effects_of_strain(&self) -> (f64, f64) {
        let strain = &self.world.scenario.strain;
        let unless = |arrow: Arrow, effect: f64| if self.is_cut(arrow) { 0.0 } else { effect };
        (
            unless(Arrow::StrainLeaving, strain.b_leave),
            unless(Arrow::StrainAbsence, strain.b_absence),
        )
    }

    /// Strain of a person now [SD].
    fn strain_now(&self, worker: u32) -> f64 {
        let holder = self.worker(worker);
        let tau = self.world.scenario.strain.tau_days;
        strain::after(
            holder.strain,
            holder.strain_target,
            tau,
            self.now - holder.since,
        )
    }

    /// A point of the leaving field: it fires if its mark lies below the hazard.
    pub(super) fn leaving_point(&mut self, worker: u32) {
        let mark = self.worker_mut(worker).leaving.take();
        let strain_now = self.strain_now(worker);
        let world = self.world;
        let holder = self.worker(worker);
        let grade = &world.scenario.grades[holder.grade as usize];
        let years = (self.now - holder.started) / DAYS_PER_YEAR;
        if mark >= self.leaving_hazard(worker, years, strain_now) {
            return;
        }
        let (kind, post) = self.person_kind(worker);
        let occasion = u64::from(self.worker(worker).incumbent);
        let notice = draw(
            &grade.notice,
            &mut self.luck.stream(kind, post, occasion, Purpose::Notice),
        );
        let now = self.now;
        let holder = self.worker_mut(worker);
        holder.is_leaving = true;
        holder.leaves_at = now + notice;
        self.place(worker);
    }

    /// A point of the absence field: it fires if its mark lies below the hazard.
    pub(super) fn absence_point(&mut self, worker: u32) {
        let mark = self.worker_mut(worker).absence.take();
        let world = self.world;
        let Some(absence) = &world.scenario.absence else {
            return;
        };
        if mark >= self.absence_hazard(worker, self.strain_now(worker)) {
            return;
        }
        let holder = self.worker(worker);
        let (kind, post) = self.person_kind(worker);
        let occasion = u64::from(holder.incumbent) | (u64::from(holder.absences) << 32);
        let days = draw(
            &absence.spell,
            &mut self.luck.stream(kind, post, occasion, Purpose::Spell),
        );
        self.begin_absence(worker, 0.0, days);
    }

    /// Hazard of giving notice [per day].
    ///
    /// * `years` - in post; * `strain` - of the person now [SD]
    pub(super) fn leaving_hazard(&self, worker: u32, years: f64, strain: f64) -> f64 {
        let holder = self.worker(worker);
        let grade = &self.world.scenario.grades[holder.grade as usize];
        let steps = grade.leave.iter().rev();
        let rate = steps
            .clone()
            .find(|step| step.from_year <= years)
            .map_or(0.0, |step| step.per_year);
        let (b, _) = self.effects_of_strain();
        let laws = &self.world.scenario.strain;
        let effect = relative(b, laws.frailty, holder.disposition, strain);
        let times = self.board.terms.leaving(holder.team, holder.grade);
        (rate * times * effect).min(laws.hazard_max_per_year) / DAYS_PER_YEAR
    }

    /// Hazard of an absence that begins [per day].
    ///
    /// * `strain` - of the person now [SD]
    pub(super) fn absence_hazard(&self, worker: u32, strain: f64) -> f64 {
        let holder = self.worker(worker);
        let rate = self.world.scenario.grades[holder.grade as usize].absences_per_year;
        let (_, b) = self.effects_of_strain();
        let laws = &self.world.scenario.strain;
        let effect = relative(b, laws.frailty, holder.disposition, strain);
        (rate * effect).min(laws.hazard_max_per_year) / DAYS_PER_YEAR
    }

    /// A person is absent from now on.
    ///
    /// * `age` - how long it has been so already: above 0 at the origin alone [days]
    /// * `left` - how long it will be so still [days]
    pub(super) fn begin_absence(&mut self, worker: u32, age: f64, left: f64) {
        let now = self.now;
        let absence = self.world.scenario.absence.as_ref();
        let cover_after = absence.and_then(|absence| absence.cover_after_days);
        self.accrue(worker);
        let mut hand = self.take_hand();
        hand.extend(self.worker(worker).held());
        for case in &hand {
            self.stop_clocks(*case);
        }
        let holder = self.worker_mut(worker);
        holder.is_absent = true;
        holder.absences += 1;
        holder.absence_ends = now + left;
        holder.cover_at = match cover_after {
            Some(cover) if cover < age + left => now + (cover - age).max(0.0),
            _ => f64::INFINITY,
        };
        for case in &hand {
            self.schedule_still(*case);
        }
        self.board.hand = hand;
        self.refresh(worker);
    }
}

/// `exp(b (f a + z) - (b f)^2 / 2)`: what disposition and strain make of a base hazard [1].
fn relative(b: f64, frailty: f64, disposition: f64, strain: f64) -> f64 {
    let exponent = b * (frailty * disposition + strain) - 0.5 * (b * frailty) * (b * frailty);
    if exponent == 0.0 {
        1.0
    } else {
        libm::exp(exponent)
    }
}
