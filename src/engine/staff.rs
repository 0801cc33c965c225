//! People: starting, growing into the post, falling ill, giving notice, leaving.

use crate::engine::play::{Moment, Play};
use crate::engine::sums::{Sum, summable};
use crate::engine::tally::over;
use crate::model::calendar::{DAYS_PER_MONTH, DAYS_PER_YEAR};
use crate::policy::arrow::Arrow;
use crate::random::draw::normal;
use crate::random::stream::{Kind, Purpose};

impl Play<'_> {
    /// Kind and number of the post of a person, for streams.
    pub(super) fn person_kind(&self, worker: u32) -> (Kind, u64) {
        let post = self.worker(worker).post;
        if self.roster.is_relief(post) {
            // Numbered by team, so that posts which another policy adds leave their luck alone.
            let seat = post as usize - self.roster.relief_from;
            let seats = self.roster.relief_seats.max(1);
            let number = ((seat / seats) as u64) << 16 | (seat % seats) as u64;
            return (Kind::ReliefWorker, number);
        }
        let kind = if self.worker(worker).is_agency {
            Kind::AgencyWorker
        } else {
            Kind::Incumbent
        };
        (kind, u64::from(post))
    }

    /// A person takes up a post.
    ///
    /// * `incumbent` - which one of the post; * `tenure` - time in post already [days]
    pub(super) fn start_person(&mut self, worker: u32, grade: u16, incumbent: u32, tenure: f64) {
        let now = self.now;
        let person = self.persons;
        self.persons += 1;
        self.board.observer.people += 1;
        let (kind, post) = self.person_kind(worker);
        let mut stream = self
            .luck
            .stream(kind, post, u64::from(incumbent), Purpose::Person);
        let disposition = normal(&mut stream);
        let burnout_level = self.world.burnout_level;
        let classes = self.world.classes;
        for clock in &mut self.board.clocks[worker as usize * classes..][..classes] {
            *clock = crate::engine::worker::Clock::new();
        }
        let holder = self.worker_mut(worker);
        holder.empty();
        holder.is_present = true;
        holder.person = person;
        holder.incumbent = incumbent;
        holder.grade = grade;
        holder.started = now - tenure;
        holder.since = now;
        holder.disposition = disposition;
        holder.burnout_from = burnout_level - disposition;
        holder.was_burnt_out = disposition > burnout_level;
        holder.covered = f64::NEG_INFINITY;
        holder.leaving.reset(now);
        holder.absence.reset(now);
        let is_agency = holder.is_agency;
        self.board.observer.burnt_people += u32::from(disposition > burnout_level);
        self.grow(worker);
        let fte = self.worker(worker).fte;
        let team = self.worker(worker).team;
        let is_alone = !self.has_company(worker);
        self.board.observer.change_staff(team, now, |level| {
            if is_agency {
                level.fte_agency += fte;
            } else {
                level.fte_permanent += fte;
                level.filled_posts += 1.0;
            }
            level.posts_with_worker += f64::from(u8::from(is_alone));
        });
        self.refresh(worker);
        self.schedule_person(worker);
        self.stir(team);
    }

    /// Is the other seat of the post taken? A relief worker adds no filled post either.
    fn has_company(&self, worker: u32) -> bool {
        self.roster.is_relief(self.post_of(worker))
            || (self.roster.seats == 2 && self.worker(worker ^ 1).is_present)
    }

    /// Sets grade, hours, ramp and supply as months in post give them, and when they next change.
    pub(super) fn grow(&mut self, worker: u32) {
        let world = self.world;
        let terms = &self.board.terms;
        let grades = &world.scenario.grades;
        let now = self.now;
        let holder = &mut self.board.workers[worker as usize];
        let months = (now - holder.started) / DAYS_PER_MONTH;
        // Steps fall due at a sum of days and months; this much early they still count as reached.
        let reached = |from: f64| from <= months + 1e-9;
        let mut next = f64::INFINITY;
        for _ in 0..grades.len() {
            match grades[holder.grade as usize].becomes {
                Some(promotion) if reached(promotion.after_months) => {
                    holder.grade = promotion.grade as u16
                }
                Some(promotion) => {
                    next = promotion.after_months;
                    break;
                }
                None => break,
            }
        }
        let grade = &grades[holder.grade as usize];
        let (mut output, mut limit) = (1.0, 1.0);
        for step in &grade.ramp {
            if reached(step.from_month) {
                (output, limit) = (step.output, step.limit);
            } else {
                next = next.min(step.from_month);
                break;
            }
        }
        // Another grade has other base rates.
        holder.covered = f64::NEG_INFINITY;
        holder.hours = grade.hours_per_week;
        holder.fte = summable(grade.hours_per_week / world.scenario.full_time_hours);
        holder.ramp_limit = limit;
        let own_share = terms.direct_share(holder.team, holder.grade);
        holder.nominal_supply =
            grade.hours_per_week * own_share.unwrap_or(grade.direct_share) * output;
        holder.grows_at = holder.started + next * DAYS_PER_MONTH;
    }

    /// A step of the ramp or a promotion.
    pub(super) fn growth_due(&mut self, worker: u32) {
        self.accrue(worker);
        let before = self.worker(worker).fte;
        self.grow(worker);
        let holder = self.worker(worker);
        let (team, is_agency) = (holder.team, holder.is_agency);
        let (more, holds_cases) = (holder.fte - before, !holder.lines.is_empty());
        if more != 0.0 {
            self.board.observer.change_staff(team, self.now, |level| {
                if is_agency {
                    level.fte_agency += more;
                } else {
                    level.fte_permanent += more;
                }
                if holds_cases {
                    level.fte_with_case += more;
                }
            });
        }
        self.refresh(worker);
        self.stir(team);
    }

    /// Enters the next change of a person.
    pub(super) fn schedule_person(&mut self, worker: u32) {
        let slot = self.person_slot(worker);
        let holder = self.worker(worker);
        if !holder.is_present {
            self.board.agenda.clear(slot);
            return;
        }
        let leaving = if holder.is_leaving {
            f64::INFINITY
        } else {
            holder.leaving.next_time()
        };
        let absence = if holder.is_absent {
            f64::INFINITY
        } else {
            holder.absence.next_time()
        };
        let changes = [
            (holder.absence_ends, Moment::AbsenceEnd),
            (absence, Moment::AbsencePoint),
            (holder.cover_at, Moment::Cover),
            (leaving, Moment::LeavingPoint),
            (holder.leaves_at, Moment::Leave),
            (holder.overlap_ends, Moment::OverlapEnd),
            (holder.grows_at, Moment::Growth),
        ];
        let mut first = changes[0];
        for change in &changes[1..] {
            if change.0 < first.0 {
                first = *change;
            }
        }
        let order = first.1.of_post(holder.post);
        self.board.agenda.set(slot, first.0, order);
    }

    /// The change of a person that is due.
    pub(super) fn person_due(&mut self, worker: u32, moment: u8) {
        let is = |other: Moment| moment == other as u8;
        if is(Moment::AbsenceEnd) {
            self.end_absence(worker);
        } else if is(Moment::AbsencePoint) {
            self.absence_point(worker);
        } else if is(Moment::Cover) {
            self.worker_mut(worker).cover_at = f64::INFINITY;
            self.hand_over_all(worker);
        } else if is(Moment::LeavingPoint) {
            self.leaving_point(worker);
        } else if is(Moment::Leave) {
            self.leave(worker);
        } else if is(Moment::OverlapEnd) {
            self.end_overlap(worker);
        } else {
            self.growth_due(worker);
        }
        self.schedule_person(worker);
    }

    fn end_absence(&mut self, worker: u32) {
        let now = self.now;
        self.accrue(worker);
        let holder = self.worker_mut(worker);
        holder.is_absent = false;
        holder.absence_ends = f64::INFINITY;
        holder.cover_at = f64::INFINITY;
        // Nobody falls ill who is ill: the points of the field in that time are passed over.
        holder.absence.skip_to(now);
        self.refresh(worker);
        let mut hand = self.take_hand();
        hand.extend(self.worker(worker).held());
        for case in &hand {
            if self.case(*case).handover_ends <= now {
                self.end_handover(*case);
                self.start_clocks(*case);
            } else {
                self.settle_case(*case);
                self.schedule_still(*case);
            }
        }
        self.board.hand = hand;
        self.refresh(worker);
        let team = self.worker(worker).team;
        self.stir(team);
    }

    /// All cases of a worker become unallocated, in the order in which they were allocated.
    pub(super) fn hand_over_all(&mut self, worker: u32) {
        let hand = self.cases_in_order(worker);
        for case in &hand {
            self.stop_clocks(*case);
            self.let_go(*case);
            self.start_waiting(*case);
        }
        self.board.hand = hand;
        self.rework(worker);
    }

    /// All cases of a worker leave the service with it.
    fn close_all(&mut self, worker: u32) {
        let mut hand = std::mem::take(&mut self.board.leaving_cases);
        hand.clear();
        hand.extend(self.worker(worker).held());
        hand.sort_unstable_by_key(|case| self.case(*case).received);
        for case in &hand {
            self.stop_clocks(*case);
            let team = self.case(*case).team;
            self.board.observer.add(team, Sum::Closures, 1.0);
            self.close(*case);
        }
        self.board.leaving_cases = hand;
    }

    /// A person whose notice is over, or whose overlap is, goes.
    fn leave(&mut self, worker: u32) {
        if self.worker(worker).is_overlapping {
            self.end_overlap(worker);
            return;
        }
        if self.is_cut(Arrow::LeaversCasesFallBack) {
            self.close_all(worker);
        }
        self.hand_over_all(worker);
        self.depart(worker);
        let post = self.worker(worker).post;
        if self.roster.is_relief(post) {
            // Nobody follows: those who are left stay until few wait.
        } else if self.worker(worker).is_agency {
            self.agency_left(post);
        } else {
            let (team, grade) = (
                self.roster.post_team[post as usize],
                self.roster.post_grade[post as usize],
            );
            if self.board.terms.takes(team, grade) {
                self.abolish(post);
                self.count_agency_places();
            } else {
                self.open_vacancy(post);
            }
        }
    }

    /// A person without cases is gone; what is owed is paid out.
    pub(super) fn depart(&mut self, worker: u32) {
        self.accrue(worker);
        let now = self.now;
        let is_alone = !self.has_company(worker);
        let holder = self.worker_mut(worker);
        holder.is_present = false;
        let (team, fte, is_agency, toil) = (holder.team, holder.fte, holder.is_agency, holder.toil);
        let (grade, hours) = (holder.grade as usize, holder.hours);
        self.board.observer.add(team, Sum::ToilPaidOut, toil);
        if let Some(cost) = self.world.scenario.cost {
            let salary = self.world.scenario.grades[grade].cost_per_year;
            let hourly = over(salary.unwrap_or(0.0), hours * DAYS_PER_YEAR / 7.0);
            let price = cost
                .per_toil_hour
                .unwrap_or(if hours > 0.0 { hourly } else { 0.0 });
            self.board.observer.add(team, Sum::ToilMoney, toil * price);
        }
        self.board.observer.add(
            team,
            if is_agency {
                Sum::AgencyLeavers
            } else {
                Sum::Leavers
            },
            1.0,
        );
        self.board.observer.change_staff(team, now, |level| {
            if is_agency {
                level.fte_agency -= fte;
            } else {
                level.fte_permanent -= fte;
                level.filled_posts -= 1.0;
            }
            level.posts_with_worker -= f64::from(u8::from(is_alone));
        });
        self.worker_mut(worker).empty();
        let slot = self.work_slot(worker);
        self.board.agenda.clear(slot);
        self.place(worker);
        self.schedule_person(worker);
    }
}
