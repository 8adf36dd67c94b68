//! Where ways end: addiction and crime in watched provinces, ties to separatists, and the power's effort.

use oxus_kernel::{LANES, Step};
use oxus_math::exp;

use super::{Memory, Opiates, eq, ln_ratio};
use crate::monthly::relax;
use crate::rows::{Row, row};

impl Opiates {
    pub(super) fn start_ends(&self, step: &mut Step<'_>, memory: &Memory) {
        let end = &self.end;
        for port in [&end.addiction, &end.crime, &end.link, &end.effort, &end.reach, &end.chance] {
            step.fill(port, 0.0);
        }
        for &(province, _) in &memory.ways.watched {
            let link = row(step, &self.world.link_start, 0);
            step.set_row(&end.addiction, province, [1.0; LANES]);
            step.set_row(&end.crime, province, [1.0; LANES]);
            step.set_row(&end.link, province, link.map(|x| x.clamp(0.0, 1.0)));
        }
    }

    #[inline(always)]
    pub(super) fn ends(&self, step: &mut Step<'_>, memory: &Memory) {
        if memory.ways.watched.is_empty() {
            return;
        }
        step.draw(&self.end.onset);
        for &(province, _) in &memory.ways.watched {
            self.province(step, memory, province);
        }
        for &(power, _) in &memory.ways.passed {
            self.effort(step, memory, power);
        }
    }

    /// Addiction and crime follow arrivals and what they are worth; ties to separatists follow crime.
    #[inline(always)]
    fn province(&self, step: &mut Step<'_>, memory: &Memory, p: usize) {
        let (end, world) = (&self.end, &self.world);
        let growth = ln_ratio(&row(step, &end.province_arrivals, p), &memory.province_at_origin[p]);
        let (addiction, crime, link) = (row(step, &end.addiction, p), row(step, &end.crime, p), row(step, &end.link, p));
        let (elasticity, price) = (row(step, &world.addiction_elasticity, 0), row(step, &world.price_response, 0));
        let towards = |x: f64, target: f64, months: f64| x + (target - x) / months.max(1.0);
        let months = row(step, &world.addiction_months, 0);
        step.set_row(&end.addiction, p, lanes!(|l| towards(addiction[l], exp(elasticity[l] * growth[l]), months[l])));
        let months = row(step, &world.crime_months, 0);
        step.set_row(&end.crime, p, lanes!(|l| towards(crime[l], exp((1.0 - price[l]) * growth[l]), months[l])));
        let (base, months, shift) = (row(step, &world.link_start, 0), row(step, &world.link_months, 0), row(step, &end.link_target, p));
        step.set_row(&end.link, p, lanes!(|l| relax(link[l], base[l] * crime[l] + shift[l], months[l])));
    }

    /// A larger effort begins when either trigger nears its threshold, ends by and by when neither does, and reaches states with delay.
    #[inline(always)]
    fn effort(&self, step: &mut Step<'_>, memory: &Memory, power: usize) {
        let (end, world) = (&self.end, &self.world);
        let mut alarm: Row = [0.0; LANES];
        let (flood, threshold) = (row(step, &world.flood, 0), row(step, &world.link_threshold, 0));
        for &(p, _) in memory.ways.watched.iter().filter(|(_, of)| *of == power) {
            let (arrivals, link) = (row(step, &end.province_arrivals, p), row(step, &end.link, p));
            let growth = ln_ratio(&arrivals, &memory.province_at_origin[p]);
            alarm = lanes!(|l| alarm[l].max(eq::alarm(growth[l], flood[l], link[l], threshold[l])));
        }
        let (steepness, rate, shift) = (row(step, &world.steepness, 0), row(step, &end.effort_rate, power), row(step, &end.effort_logit, power));
        let (lasts, reach_months, uniform) = (row(step, &world.effort_months, 0), row(step, &world.reach_months, 0), row(step, &end.onset, power));
        let (now, reach) = (row(step, &end.effort, power), row(step, &end.reach, power));
        let respond = lanes!(|l| eq::hill(alarm[l], steepness[l]));
        let chance = lanes!(|l| eq::onset(rate[l], respond[l], shift[l]));
        let next = lanes!(|l| {
            let goes_on = respond[l] >= 0.5 || uniform[l] >= 1.0 / lasts[l].max(1.0);
            f64::from(if now[l] > 0.5 { goes_on } else { uniform[l] < chance[l] })
        });
        step.set_row(&end.chance, power, chance);
        step.set_row(&end.effort, power, next);
        step.set_row(&end.reach, power, lanes!(|l| relax(reach[l], next[l], reach_months[l])));
    }
}
