//! One keyed stream of random numbers.

use crate::philox::{self, Key};

/// Turns a random word into a uniform number in the open interval (0, 1): an odd multiple of 2^-53, never 0 or 1, and symmetric about 1/2.
#[inline(always)]
pub fn to_open_unit(word: u64) -> f64 {
    // 52 random bits as the mantissa of a number in [1, 2). The subtraction is exact. No integer conversion, which SSE2 and AVX2 lack for 64 bits.
    const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
    const ONE_MINUS_HALF_STEP: f64 = 1.0 - f64::EPSILON / 2.0;
    f64::from_bits(ONE_BITS | word >> 12) - ONE_MINUS_HALF_STEP
}

/// Two independent standard normals from two uniforms: G. E. P. Box and M. E. Muller (1958). Within 8.57 of zero, since a uniform is at least 2^-53.
#[inline(always)]
pub(crate) fn box_muller(u: f64, v: f64) -> (f64, f64) {
    let radius = (-2.0 * oxus_math::ln(u)).sqrt();
    let (sine, cosine) = oxus_math::sin_cos_turns(v);
    (radius * cosine, radius * sine)
}

/// A random stream named by a member's key and (domain, entity, step).
///
/// The words are those of `numpy.random.Philox(key=[seed, member], counter=[0, domain, entity, step])`. Making a stream costs nothing; words are made
/// four at a time when asked for.
///
/// [`uniform`](Self::uniform) and [`exponential`](Self::exponential) take one word each, [`normal`](Self::normal) two words for every second call.
#[derive(Clone, Debug)]
pub struct Stream {
    key: Key,
    /// Counter of the last block made; its first word counts blocks from 1.
    counter: [u64; 4],
    words: [u64; 4],
    /// How many of `words` are used up.
    used: usize,
    /// The second normal of a pair.
    spare_normal: Option<f64>,
}

impl Stream {
    /// The stream of `key` for a domain (mechanism and stream name, hashed), an entity (hashed name) and a step or event.
    #[inline]
    pub const fn new(key: Key, domain: u64, entity: u64, step: u64) -> Self {
        Self { key, counter: [0, domain, entity, step], words: [0; 4], used: 4, spare_normal: None }
    }

    /// Words `4 block .. 4 block + 4` of the stream (domain, entity, step) of `key`, without making a stream: `name` is `[block, domain, entity, step]`.
    #[inline]
    pub fn block(key: Key, name: [u64; 4]) -> [u64; 4] {
        let [block, domain, entity, step] = name;
        philox::block([block.wrapping_add(1), domain, entity, step], key)
    }

    /// The next word.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        if self.used == 4 {
            // Added to before use, as NumPy does. 2^64 blocks are never used up.
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.words = philox::block(self.counter, self.key);
            self.used = 0;
        }
        let word = self.words[self.used];
        self.used += 1;
        word
    }

    /// A uniform number in the open interval (0, 1); see [`to_open_unit`].
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        to_open_unit(self.next_u64())
    }

    /// A standard normal number by the method of Box and Muller, the fastest in lanes.
    ///
    /// On a stream used for nothing else, normals `2k` and `2k + 1` come from words `2k` and `2k + 1`. The second of a pair is kept, whatever is asked
    /// for in between.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        let u = self.uniform();
        let v = self.uniform();
        let (first, second) = box_muller(u, v);
        self.spare_normal = Some(second);
        first
    }

    /// An exponential number with mean 1, by inversion: `-ln` of the next uniform.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -oxus_math::ln(self.uniform())
    }

    /// Fills a slice with uniforms: the same as asking for them one by one.
    pub fn fill_uniform(&mut self, out: &mut [f64]) {
        for x in out {
            *x = self.uniform();
        }
    }

    /// Fills a slice with normals: the same as asking for them one by one.
    pub fn fill_normal(&mut self, out: &mut [f64]) {
        for x in out {
            *x = self.normal();
        }
    }
}
