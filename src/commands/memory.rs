//! The allocator, and what a thread has taken from it.
//!
//! It is jemalloc because that counts per thread: what one evaluation uses can be told apart from everything else that
//! goes on in the process, and bounded.

use tikv_jemalloc_ctl::thread::{self, ThreadLocal};
use tikv_jemallocator::Jemalloc;

#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// How many bytes the calling thread has taken and not given back; 0 where the allocator does not tell.
///
/// It is negative for a thread that has given back what others took.
pub(crate) fn held_by_this_thread() -> i64 {
    let taken = thread::allocatedp::read().map(ThreadLocal::get);
    let given_back = thread::deallocatedp::read().map(ThreadLocal::get);
    match (taken, given_back) {
        (Ok(taken), Ok(given_back)) => taken.wrapping_sub(given_back).cast_signed(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::held_by_this_thread;

    #[test]
    fn a_thread_is_told_what_it_holds() {
        let before = held_by_this_thread();
        let held = vec![1_u8; 10 << 20];
        assert!(held_by_this_thread() >= before + (10 << 20), "{}", held.len());
        drop(held);
        assert!(held_by_this_thread() < before + (1 << 20));
    }
}
