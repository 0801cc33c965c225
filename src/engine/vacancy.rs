//! Posts without a permanent worker: recruitment and yearly intakes.

use crate::engine::play::{INTAKE, Moment, Play};
use crate::engine::sums::{Sum, summable};
use crate::policy::arrow::Arrow;
use crate::random::draw::{choose, draw, equilibrium};
use crate::random::stream::{Kind, Purpose};

impl Play<'_> {
    pub(super) fn permanent_seat(&self, post: u32) -> u32 {
        post * self.roster.seats as u32
    }

    /// Full-time share of the grade that a post is made for [1].
    pub(super) fn post_fte(&self, post: u32) -> f64 {
        let scenario = &self.world.scenario;
        let grade = self.roster.post_grade[post as usize] as usize;
        summable(scenario.grades[grade].hours_per_week / scenario.full_time_hours)
    }

    /// Fills a post at the origin, or leaves it vacant for an equilibrium age.
    pub(super) fn open_post(&mut self, post: u32, is_filled: bool) {
        let world = self.world;
        let roster = self.roster;
        self.establish(post);
        let group = &world.scenario.posts[roster.post_group[post as usize] as usize];
        if is_filled {
            let mut stream =
                self.luck
                    .stream(Kind::Incumbent, u64::from(post), u64::MAX, Purpose::Person);
            let months = draw(&group.months_in_post, &mut stream);
            self.board.vacancies[post as usize].incumbents = 1;
            let tenure = months * crate::model::calendar::DAYS_PER_MONTH;
            self.start_person(
                self.permanent_seat(post),
                roster.post_grade[post as usize],
                0,
                tenure,
            );
            return;
        }
        let mut age = 0.0;
        let mut left = f64::INFINITY;
        if let Some(law) = self.time_to_fill {
            let mut stream =
                self.luck
                    .stream(Kind::Incumbent, u64::from(post), 0, Purpose::Filling);
            (age, left) = equilibrium(law, &mut stream);
        }
        let lead = self.agency_lead(post);
        let now = self.now;
        let entry = &mut self.board.vacancies[post as usize];
        entry.is_open = true;
        entry.incumbents = 1;
        entry.opened = now - age;
        entry.fill_left = left;
        entry.since = now;
        entry.agency_at = f64::INFINITY;
        let (team, fte) = (roster.post_team[post as usize], self.post_fte(post));
        self.board
            .observer
            .change_staff(team, now, |level| level.vacant += fte);
        if lead > age {
            self.board.vacancies[post as usize].agency_at = now + lead - age;
        } else if self.agency_workers < self.agency_places {
            self.start_agency(post, age - lead);
        } else {
            self.board.vacancies[post as usize].wants_agency = true;
        }
        self.schedule_vacancy(post);
    }

    /// A post falls vacant.
    pub(super) fn open_vacancy(&mut self, post: u32) {
        let now = self.now;
        let roster = self.roster;
        // The i-th time to fill stands behind the i-th incumbent; a post vacant from its first day has used the first.
        let occasion = u64::from(self.board.vacancies[post as usize].incumbents);
        let left = self.time_to_fill.map_or(f64::INFINITY, |law| {
            let mut stream =
                self.luck
                    .stream(Kind::Incumbent, u64::from(post), occasion, Purpose::Filling);
            draw(law, &mut stream)
        });
        let has_cover = self.roster.seats == 2 && self.worker(self.agency_seat(post)).is_present;
        let lead = if has_cover {
            f64::INFINITY
        } else {
            self.agency_lead(post)
        };
        let entry = &mut self.board.vacancies[post as usize];
        entry.is_open = true;
        entry.opened = now;
        entry.fill_left = left;
        entry.since = now;
        entry.agency_at = now + lead;
        entry.wants_agency = false;
        let (team, fte) = (roster.post_team[post as usize], self.post_fte(post));
        self.board
            .observer
            .change_staff(team, now, |level| level.vacant += fte);
        self.schedule_vacancy(post);
    }

    pub(super) fn schedule_vacancy(&mut self, post: u32) {
        let slot = self.vacancy_slot(post);
        let entry = self.board.vacancies[post as usize];
        if !entry.is_open {
            self.board.agenda.clear(slot);
            return;
        }
        let speed = self.speed_of_filling(post);
        let filled = if speed > 0.0 {
            entry.since + entry.fill_left / speed
        } else {
            f64::INFINITY
        };
        if entry.agency_at < filled {
            self.board
                .agenda
                .set(slot, entry.agency_at, Moment::AgencyStart.of_post(post));
        } else {
            self.board
                .agenda
                .set(slot, filled.max(self.now), Moment::Start.of_post(post));
        }
    }

    /// A vacancy is due: filled, or covered by agency.
    pub(super) fn vacancy_due(&mut self, post: u32, moment: u8) {
        if moment == Moment::AgencyStart as u8 {
            self.board.vacancies[post as usize].agency_at = f64::INFINITY;
            if self.agency_workers < self.agency_places {
                self.start_agency(post, 0.0);
            } else {
                self.board.vacancies[post as usize].wants_agency = true;
            }
            self.schedule_vacancy(post);
        } else {
            let incumbent = self.board.vacancies[post as usize].incumbents;
            let grade = match self
                .world
                .scenario
                .recruitment
                .as_ref()
                .and_then(|r| r.grade.as_ref())
            {
                Some(grades) => {
                    let occasion = u64::from(incumbent) | 1 << 40;
                    let mut stream = self.luck.stream(
                        Kind::Incumbent,
                        u64::from(post),
                        occasion,
                        Purpose::Person,
                    );
                    *choose(grades, &mut stream) as u16
                }
                None => self.roster.post_grade[post as usize],
            };
            self.fill(post, grade);
        }
    }

    /// A newcomer starts in a vacant post.
    fn fill(&mut self, post: u32, grade: u16) {
        let now = self.now;
        let entry = &mut self.board.vacancies[post as usize];
        let incumbent = entry.incumbents;
        entry.incumbents += 1;
        entry.is_open = false;
        entry.wants_agency = false;
        entry.agency_at = f64::INFINITY;
        self.schedule_vacancy(post);
        let (team, fte) = (self.roster.post_team[post as usize], self.post_fte(post));
        self.board
            .observer
            .change_staff(team, now, |level| level.vacant -= fte);
        self.board.observer.add(team, Sum::Starters, 1.0);
        self.start_person(self.permanent_seat(post), grade, incumbent, 0.0);
        self.end_cover(post);
    }

    /// The filling speed as the mean caseload at the last census has it; what is left of each vacancy goes on at it.
    pub(super) fn attract(&mut self, caseload: f64) {
        if self.is_cut(Arrow::LoadRecruitment) {
            return;
        }
        let Some(attraction) = self
            .world
            .scenario
            .recruitment
            .as_ref()
            .and_then(|r| r.attraction)
        else {
            return;
        };
        let exponent = -attraction.b_per_case * (caseload - attraction.reference);
        let speed = if exponent.is_finite() {
            libm::exp(exponent)
        } else {
            1.0
        };
        self.settle_vacancies();
        self.filling_speed = speed;
        self.schedule_vacancies();
    }

    /// Speed at which a vacancy fills [1]: 0 in a freeze.
    fn speed_of_filling(&self, post: u32) -> f64 {
        let (team, grade) = (
            self.roster.post_team[post as usize],
            self.roster.post_grade[post as usize],
        );
        if self.board.terms.is_frozen(team, grade) {
            0.0
        } else {
            self.filling_speed
        }
    }

    /// Brings what is left of every vacancy up to now, before its speed changes.
    pub(super) fn settle_vacancies(&mut self) {
        for post in 0..self.board.vacancies.len() as u32 {
            let speed = self.speed_of_filling(post);
            let entry = &mut self.board.vacancies[post as usize];
            if entry.is_open {
                entry.fill_left = (entry.fill_left - (self.now - entry.since) * speed).max(0.0);
                entry.since = self.now;
            }
        }
    }

    pub(super) fn schedule_vacancies(&mut self) {
        for post in 0..self.board.vacancies.len() as u32 {
            self.schedule_vacancy(post);
        }
    }

    /// A post begins to count among those established.
    pub(super) fn establish(&mut self, post: u32) {
        let (team, fte) = (self.roster.post_team[post as usize], self.post_fte(post));
        self.board.observer.stand(team, self.now, |standing| {
            standing.established += fte;
            standing.posts += 1.0;
        });
        self.recount_managers();
    }

    /// A post without a permanent worker and without a vacancy is no longer established.
    pub(super) fn abolish(&mut self, post: u32) {
        let (team, fte) = (self.roster.post_team[post as usize], self.post_fte(post));
        self.board.observer.stand(team, self.now, |standing| {
            standing.established -= fte;
            standing.posts -= 1.0;
        });
        self.recount_managers();
    }

    /// More or fewer posts may mean more or fewer managers, and places on their desks.
    fn recount_managers(&mut self) {
        self.is_stirred |= self.phase.manager_holds.is_some();
    }

    /// A vacancy is closed and its cover ends as if the post had been filled.
    pub(super) fn close_vacancy(&mut self, post: u32) {
        let now = self.now;
        let (team, fte) = (self.roster.post_team[post as usize], self.post_fte(post));
        let entry = &mut self.board.vacancies[post as usize];
        entry.is_open = false;
        entry.wants_agency = false;
        entry.agency_at = f64::INFINITY;
        self.schedule_vacancy(post);
        self.board
            .observer
            .change_staff(team, now, |level| level.vacant -= fte);
        self.end_cover(post);
    }

    /// Enters the next yearly intake.
    ///
    /// * `after` - only intakes later than this count; before the origin, so that one on the first day does
    ///   [days from the origin]
    pub(super) fn schedule_intake(&mut self, after: f64) {
        let Some(recruitment) = &self.world.scenario.recruitment else {
            return;
        };
        let next = self.world.scenario.calendar.months.iter().find(|month| {
            month.begins > after
                && recruitment
                    .intakes
                    .iter()
                    .any(|i| i.month_of_year == month.month_of_year)
        });
        if let Some(month) = next {
            self.board
                .agenda
                .set(INTAKE, month.begins, Moment::Start.rank());
        }
    }

    /// Newcomers of a yearly intake start in the posts that have been vacant longest (ties: the lowest post).
    pub(super) fn intake_due(&mut self) {
        let world = self.world;
        let now = self.now;
        let month = world
            .scenario
            .calendar
            .months
            .iter()
            .find(|month| month.begins == now);
        if let (Some(month), Some(recruitment)) = (month, &world.scenario.recruitment) {
            for intake in recruitment
                .intakes
                .iter()
                .filter(|i| i.month_of_year == month.month_of_year)
            {
                for _ in 0..intake.people {
                    let vacancies =
                        self.board
                            .vacancies
                            .iter()
                            .enumerate()
                            .filter(|(post, entry)| {
                                entry.is_open && self.speed_of_filling(*post as u32) > 0.0
                            });
                    let longest = vacancies.min_by(|a, b| a.1.opened.total_cmp(&b.1.opened));
                    let Some((post, _)) = longest else { break };
                    self.fill(post as u32, intake.grade as u16);
                }
            }
        }
        self.schedule_intake(now);
    }
}
