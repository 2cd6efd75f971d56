//! The system calls that a program in the sandbox does not get.
//!
//! What reaches beyond the program itself is refused: mounts and namespaces, other processes, the kernel's own state,
//! interfaces with a long record of holes, and sockets. Everything else is allowed, because scientific libraries use
//! much of what the kernel offers.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};

/// What decides how much a filter refuses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walls {
    /// Whether sockets of the internet may be made.
    pub(crate) network: bool,
    /// Whether the program sees only its own processes, files and kernel objects because it has namespaces of its own.
    pub(crate) namespaces: bool,
    /// Whether signals to processes outside are refused by something else.
    pub(crate) signals_scoped: bool,
    /// Whether files outside belong to the program's user and can be found by their paths: Landlock protects what is
    /// in files, but not their modes, owners and times.
    pub(crate) owns_foreign_files: bool,
    /// Whether files can be shortened by their path although they may not be opened for writing.
    pub(crate) truncates: bool,
}

/// A filter could not be made or applied.
#[derive(Debug, thiserror::Error)]
#[error("the filter of system calls could not be applied: {0}")]
pub(crate) struct SeccompError(String);

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Applies the filters to this thread and to everything that it starts. There is no way back.
pub(crate) fn apply(walls: Walls) -> Result<(), SeccompError> {
    let mut filters = vec![compiled(absent(), libc::ENOSYS)?];
    if walls.owns_foreign_files {
        filters.push(compiled(everywhere(FILE_METADATA.iter().copied()), PRETENDED)?);
    }
    filters.push(compiled(refused(walls)?, libc::EPERM)?);
    for filter in filters {
        apply_filter(&filter).map_err(|error| SeccompError(error.to_string()))?;
    }
    Ok(())
}

fn compiled(rules: Rules, errno: i32) -> Result<BpfProgram, SeccompError> {
    let failed = |error: &dyn std::fmt::Display| SeccompError(error.to_string());
    let arch =
        std::env::consts::ARCH.try_into().map_err(|error: seccompiler::BackendError| failed(&error))?;
    let action = SeccompAction::Errno(u32::try_from(errno).unwrap_or(1));
    let filter =
        SeccompFilter::new(rules, SeccompAction::Allow, action, arch).map_err(|error| failed(&error))?;
    filter.try_into().map_err(|error: seccompiler::BackendError| failed(&error))
}

/// Calls that libraries try and do without: they hear that the kernel does not have them.
fn absent() -> Rules {
    // The flags of clone3 lie in memory, where no filter sees them; the C library falls back to clone.
    let calls =
        [libc::SYS_clone3, libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register];
    everywhere(calls)
}

/// Calls that are refused.
fn refused(walls: Walls) -> Result<Rules, SeccompError> {
    let mut rules = everywhere(ALWAYS.iter().copied());
    #[cfg(target_arch = "x86_64")]
    {
        rules.extend(everywhere([libc::SYS_iopl, libc::SYS_ioperm, libc::SYS_modify_ldt, libc::SYS_uselib]));
        // The x32 interface has numbers of its own for calls that take pointers.
        rules.extend((512..=547).map(|call| (X32 | call, Vec::new())));
    }
    for flag in NAMESPACE_FLAGS {
        // CLONE_NEWTIME shares its bit with the exit signal of clone, and means a namespace only to unshare.
        add(&mut rules, libc::SYS_clone, vec![masked(0, *flag)?])?;
    }
    for request in [libc::TIOCSTI, libc::TIOCLINUX] {
        add(&mut rules, libc::SYS_ioctl, vec![equal(1, request)?])?;
    }
    // Another process's limits could be lowered until it stops.
    add(&mut rules, libc::SYS_prlimit64, vec![unequal(0, 0)?])?;
    if walls.namespaces {
        if !walls.network {
            add(&mut rules, libc::SYS_socket, vec![unequal(0, libc::AF_UNIX as u64)?])?;
        }
    } else {
        rules.extend(everywhere(SHARED_KERNEL_OBJECTS.iter().copied()));
        for (call, argument) in OTHERS_BY_NUMBER {
            add(&mut rules, *call, vec![unequal(*argument, 0)?])?;
        }
        if !walls.network {
            rules.extend(everywhere([libc::SYS_socket]));
        }
        if walls.truncates {
            rules.extend(everywhere([libc::SYS_truncate]));
        }
        if !walls.signals_scoped {
            rules.extend(everywhere(SIGNALS.iter().copied()));
        }
    }
    Ok(rules)
}

/// The mark of the x32 interface, which shares its architecture with the ordinary one.
const X32: i64 = 0x4000_0000;

/// Refuses calls whatever their arguments, by every number that they have.
fn everywhere(calls: impl IntoIterator<Item = i64>) -> Rules {
    calls.into_iter().flat_map(|call| [(call, Vec::new()), (X32 | call, Vec::new())]).collect()
}

fn add(rules: &mut Rules, call: i64, conditions: Vec<SeccompCondition>) -> Result<(), SeccompError> {
    for number in [call, X32 | call] {
        let rule = SeccompRule::new(conditions.clone()).map_err(|error| SeccompError(error.to_string()))?;
        rules.entry(number).or_default().push(rule);
    }
    Ok(())
}

fn equal(argument: u8, value: u64) -> Result<SeccompCondition, SeccompError> {
    condition(argument, SeccompCmpOp::Eq, value)
}

fn unequal(argument: u8, value: u64) -> Result<SeccompCondition, SeccompError> {
    condition(argument, SeccompCmpOp::Ne, value)
}

fn masked(argument: u8, bits: libc::c_int) -> Result<SeccompCondition, SeccompError> {
    let bits = u64::from(bits.cast_unsigned());
    condition(argument, SeccompCmpOp::MaskedEq(bits), bits)
}

fn condition(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompCondition, SeccompError> {
    // The kernel itself looks at the lower half of these arguments only.
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
        .map_err(|error| SeccompError(error.to_string()))
}

const NAMESPACE_FLAGS: &[libc::c_int] = &[
    libc::CLONE_NEWNS,
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
];

/// Never a part of scoring.
const ALWAYS: &[i64] = &[
    // Mounts, roots and namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_mount_setattr,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_quotactl,
    libc::SYS_fanotify_init,
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    // The machine.
    libc::SYS_reboot,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_vhangup,
    // Large interfaces that scoring has no use for.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_personality,
    libc::SYS_vmsplice,
];

/// Kernel objects that everybody shares who has no namespace, and that outlive their maker.
const SHARED_KERNEL_OBJECTS: &[i64] =
    &[libc::SYS_shmget, libc::SYS_shmat, libc::SYS_msgget, libc::SYS_semget, libc::SYS_mq_open];

/// Calls that change another process if this argument is not 0, which means the caller itself.
const OTHERS_BY_NUMBER: &[(i64, u8)] = &[
    (libc::SYS_setpriority, 1),
    (libc::SYS_ioprio_set, 1),
    (libc::SYS_sched_setaffinity, 0),
    (libc::SYS_sched_setscheduler, 0),
    (libc::SYS_sched_setparam, 0),
    (libc::SYS_sched_setattr, 0),
];

/// No error: the call does nothing and says that it worked.
///
/// Copying a file ends with setting its mode, and fails as a whole if that fails.
const PRETENDED: i32 = 0;

/// Calls that change what is known of a file and not what is in it.
const FILE_METADATA: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chmod,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lchown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utime,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utimes,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_futimesat,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchmodat2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
];

/// Every way to send a signal.
const SIGNALS: &[i64] = &[
    libc::SYS_kill,
    libc::SYS_tkill,
    libc::SYS_tgkill,
    libc::SYS_pidfd_send_signal,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_rt_tgsigqueueinfo,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_of_walls_compiles() {
        for bits in 0..32 {
            let walls = Walls {
                network: bits & 1 > 0,
                namespaces: bits & 2 > 0,
                signals_scoped: bits & 4 > 0,
                owns_foreign_files: bits & 8 > 0,
                truncates: bits & 16 > 0,
            };
            compiled(refused(walls).unwrap(), libc::EPERM).unwrap();
        }
    }

    #[test]
    fn what_is_refused_is_refused_under_both_numbers() {
        let walls = Walls {
            network: false,
            namespaces: true,
            signals_scoped: true,
            owns_foreign_files: false,
            truncates: false,
        };
        let rules = refused(walls).unwrap();
        for call in ALWAYS {
            assert!(rules.contains_key(call) && rules.contains_key(&(X32 | call)), "{call}");
        }
    }
}
