//! Philox4x64-10, the counter-based generator of J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
//! SC11 (2011).

const MULTIPLIER_0: u64 = 0xd2e7_470e_e14c_6c93;
const MULTIPLIER_1: u64 = 0xca5a_8263_9512_1157;
const WEYL_0: u64 = 0x9e37_79b9_7f4a_7c15;
const WEYL_1: u64 = 0xbb67_ae85_84ca_a73b;

/// The key of a member's streams: the seed of the run and the member within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Seed of the run.
    pub seed: u64,
    /// Draw (high 32 bits) and replicate (low 32 bits).
    pub member: u64,
}

impl Key {
    /// The key of one member: parameter draw `draw`, chance events `replicate`.
    #[inline]
    pub const fn new(seed: u64, draw: u32, replicate: u32) -> Self {
        Self { seed, member: (draw as u64) << 32 | replicate as u64 }
    }
}

/// A way to multiply by a constant.
pub(crate) trait Multiply {
    /// The 128-bit product `a M` as (high, low).
    fn product<const M: u64>(a: u64) -> (u64, u64);
}

/// By the processor's widening multiplication: best one at a time.
pub(crate) struct Wide;

impl Multiply for Wide {
    #[inline(always)]
    fn product<const M: u64>(a: u64) -> (u64, u64) {
        let product = u128::from(a) * u128::from(M);
        ((product >> 64) as u64, product as u64)
    }
}

/// From products of 32-bit parts, which vector units have.
pub(crate) struct Parts;

impl Multiply for Parts {
    #[inline(always)]
    fn product<const M: u64>(a: u64) -> (u64, u64) {
        const LOW: u64 = 0xffff_ffff;
        let (a_low, a_high) = (a & LOW, a >> 32);
        let (m_low, m_high) = (M & LOW, M >> 32);
        let low = a_low * m_low;
        let middle = a_high * m_low + (low >> 32);
        let carry = a_low * m_high + (middle & LOW);
        (a_high * m_high + (middle >> 32) + (carry >> 32), carry << 32 | low & LOW)
    }
}

/// Round `number`, from 0, of the ten.
#[inline(always)]
fn round<Mul: Multiply>([c0, c1, c2, c3]: [u64; 4], key: Key, number: u64) -> [u64; 4] {
    let key_0 = key.seed.wrapping_add(number.wrapping_mul(WEYL_0));
    let key_1 = key.member.wrapping_add(number.wrapping_mul(WEYL_1));
    let (high_0, low_0) = Mul::product::<MULTIPLIER_0>(c0);
    let (high_1, low_1) = Mul::product::<MULTIPLIER_1>(c2);
    [high_1 ^ c1 ^ key_0, low_1, high_0 ^ c3 ^ key_1, low_0]
}

/// Five rounds from `first`.
#[inline(always)]
fn five_rounds<Mul: Multiply>(counter: [u64; 4], key: Key, first: u64) -> [u64; 4] {
    let counter = round::<Mul>(counter, key, first);
    let counter = round::<Mul>(counter, key, first + 1);
    let counter = round::<Mul>(counter, key, first + 2);
    let counter = round::<Mul>(counter, key, first + 3);
    round::<Mul>(counter, key, first + 4)
}

/// One block, with the multiplication of choice. Written without a loop, so that a loop around it vectorises.
#[inline(always)]
pub(crate) fn block_by<Mul: Multiply>(counter: [u64; 4], key: Key) -> [u64; 4] {
    five_rounds::<Mul>(five_rounds::<Mul>(counter, key, 0), key, 5)
}

/// One block of Philox4x64-10.
#[inline]
pub(crate) fn block(counter: [u64; 4], key: Key) -> [u64; 4] {
    block_by::<Wide>(counter, key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Known-answer vectors of the authors' Random123 library (philox4x64-10): all zero, all ones.
    #[test]
    fn known_answers() {
        assert_eq!(
            block([0; 4], Key { seed: 0, member: 0 }),
            [0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b]
        );
        assert_eq!(
            block([u64::MAX; 4], Key { seed: u64::MAX, member: u64::MAX }),
            [0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0]
        );
    }

    #[test]
    fn the_key_packs_draw_and_replicate() {
        assert_eq!(Key::new(5, 2, 3), Key { seed: 5, member: 0x2_0000_0003 });
        assert_eq!(Key::new(5, u32::MAX, u32::MAX).member, u64::MAX);
    }

    proptest! {
        #[test]
        fn both_products_agree(a: u64) {
            prop_assert_eq!(Parts::product::<MULTIPLIER_0>(a), Wide::product::<MULTIPLIER_0>(a));
            prop_assert_eq!(Parts::product::<{ u64::MAX }>(a), Wide::product::<{ u64::MAX }>(a));
        }
    }
}
