//! Referrals: when the next family comes, who it is, and whether it is turned away.

use crate::engine::case::NOBODY;
use crate::engine::family::child;
use crate::engine::play::{ARRIVAL, Moment, Play};
use crate::engine::sums::Sum;
use crate::random::draw::{choose, exponential, gamma};
use crate::random::stream::{Kind, Purpose};
use crate::scenario::sections::Arrivals;

impl Play<'_> {
    /// Enters the next family to come.
    pub(super) fn schedule_arrival(&mut self) {
        let world = self.world;
        let number = self.arriving.families;
        let time = match &world.scenario.referrals.arrivals {
            Arrivals::Replay { families } => families
                .get(number as usize)
                .map_or(f64::INFINITY, |family| family.time),
            Arrivals::Poisson {
                overdispersion,
                working_days_only,
                ..
            } => self.next_poisson(number, *overdispersion, *working_days_only),
        };
        self.board
            .agenda
            .set(ARRIVAL, time, Moment::Referral.rank());
    }

    /// Walks through the months until an exponential amount of rate is used up.
    fn next_poisson(&mut self, number: u64, overdispersion: f64, working_days_only: bool) -> f64 {
        let calendar = &self.world.scenario.calendar;
        let mut left = exponential(&mut self.luck.stream(
            Kind::Referral,
            number,
            0,
            Purpose::Arrival,
        ));
        while let Some(month) = calendar.months.get(self.arriving.month) {
            let rate = self.world.arrival_rates[self.arriving.month] * self.arriving.noise;
            let days = if working_days_only {
                f64::from(calendar.working_days_between(month.begins, month.ends))
            } else {
                month.ends - month.begins
            };
            let held = rate * (days - self.arriving.used);
            if left < held {
                self.arriving.used += left / rate;
                let used = self.arriving.used;
                if !working_days_only {
                    return month.begins + used;
                }
                // The n-th working day of the month, and the same part of it.
                let mut day = calendar.working_day_from(month.begins as u32).unwrap_or(0);
                for _ in 0..used as u32 {
                    day = calendar.working_day_from(day + 1).unwrap_or(day);
                }
                return f64::from(day) + used.fract();
            }
            left -= held;
            self.arriving.month += 1;
            self.arriving.used = 0.0;
            self.draw_noise(overdispersion);
        }
        f64::INFINITY
    }

    /// Draws the noise factor of the month at hand.
    fn draw_noise(&mut self, overdispersion: f64) {
        self.arriving.noise = 1.0;
        let months = &self.world.scenario.calendar.months;
        if let (Some(month), true) = (months.get(self.arriving.month), overdispersion > 0.0) {
            let key = month.since_start as i64 as u64;
            let mut stream = self.luck.stream(Kind::Month, key, 0, Purpose::Noise);
            self.arriving.noise = overdispersion * gamma(1.0 / overdispersion, &mut stream);
        }
    }

    /// Starts the stream of referrals.
    pub(super) fn start_arrivals(&mut self) {
        if let Arrivals::Poisson { overdispersion, .. } = self.world.scenario.referrals.arrivals {
            self.draw_noise(overdispersion);
        }
        self.schedule_arrival();
    }

    /// A family comes.
    pub(super) fn referral_due(&mut self) {
        let world = self.world;
        let referrals = &world.scenario.referrals;
        let mut number = self.arriving.families;
        let (mut size, mut given_stage, mut given_area) = (None, None, None);
        if let Arrivals::Replay { families } = &referrals.arrivals {
            let family = &families[number as usize];
            number = u64::from(family.row);
            (size, given_stage, given_area) = (family.children, family.stage, family.area);
        }
        let (drawn_size, drawn_area) = match world.certain_family {
            Some(family) => family,
            None => {
                let mut stream = self.luck.stream(Kind::Referral, number, 0, Purpose::Family);
                let size = *choose(&referrals.family_size, &mut stream);
                (size, *choose(&world.scenario.areas, &mut stream))
            }
        };
        let area = given_area.unwrap_or(drawn_area);
        let size = size.unwrap_or(drawn_size);
        let first_stage = |play: &Play<'_>, identity: u64| {
            let luck = play.luck;
            let mut stream = luck.stream(Kind::Child, identity, 0, Purpose::FirstStage);
            given_stage.unwrap_or(*choose(&referrals.first_stage, &mut stream)) as u16
        };
        if self.phase.threshold.is_some() {
            let stage = first_stage(self, child(Kind::Referral, number, 0));
            let team = world.team_of(area as u16, stage);
            if self.board.screening[team as usize]
                && self.screens_out_family(number, area, size, team)
            {
                self.arriving.families += 1;
                self.schedule_arrival();
                return;
            }
        }
        self.arriving.families += 1;
        self.schedule_arrival();
        let family = self.add_family(area);
        if size == 1 {
            let identity = child(Kind::Referral, number, 0);
            let case = self.refer(family, identity, first_stage(self, identity));
            self.seek_worker(&[case]);
            return;
        }
        let mut hand = self.take_hand();
        for place in 0..size {
            let identity = child(Kind::Referral, number, place);
            hand.push(self.refer(family, identity, first_stage(self, identity)));
        }
        self.seek_worker(&hand);
        self.board.hand = hand;
    }

    /// A child is referred, with its family.
    #[inline(always)]
    fn refer(&mut self, family: u32, identity: u64, stage: u16) -> u32 {
        let case = self.add_case(family, identity);
        let now = self.now;
        if now >= self.world.scenario.calendar.start {
            self.case_mut(case).waiting_mark = self.world.waiting_mark(now);
        }
        self.open(case, stage, Sum::Referrals);
        case
    }

    /// Whether a new family is turned away, and, where it is, whether it comes again.
    ///
    /// * returns - true where it is turned away, now at least
    fn screens_out_family(&mut self, number: u64, area: usize, size: usize, team: u16) -> bool {
        let Some(threshold) = &self.phase.threshold else {
            return false;
        };
        let mut stream = self
            .luck
            .stream(Kind::Referral, number, 0, Purpose::Screening);
        if !threshold.screens(stream.uniform()) {
            return false;
        }
        let observer = &mut self.board.observer;
        observer.add(team, Sum::Referrals, size as f64);
        observer.add(team, Sum::ScreenedOut, size as f64);
        if let Some((time, stage)) = self.comes_again(&mut stream) {
            let family = self.add_family(area);
            let mut eldest = NOBODY;
            for place in 0..size {
                let case = self.add_case(family, child(Kind::Referral, number, place));
                if eldest == NOBODY {
                    eldest = case;
                }
                self.send_away(case, eldest, stage);
            }
            self.schedule_return(eldest, time);
        }
        true
    }
}
