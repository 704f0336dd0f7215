#include "engine/confine.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace hanse::engine {

namespace {

// What the engine, its threads and the C library need once everything is loaded. Everything else fails with EPERM.
constexpr int kAllowedCalls[] = {SCMP_SYS(read),
                                 SCMP_SYS(write),
                                 SCMP_SYS(readv),
                                 SCMP_SYS(writev),
                                 SCMP_SYS(pread64),
                                 SCMP_SYS(pwrite64),
                                 SCMP_SYS(close),
                                 SCMP_SYS(fstat),
                                 SCMP_SYS(newfstatat),
                                 SCMP_SYS(lseek),
                                 SCMP_SYS(poll),
                                 SCMP_SYS(ppoll),
                                 SCMP_SYS(sendmsg),
                                 SCMP_SYS(recvmsg),
                                 SCMP_SYS(brk),
                                 SCMP_SYS(munmap),
                                 SCMP_SYS(mremap),
                                 SCMP_SYS(madvise),
                                 SCMP_SYS(futex),
                                 SCMP_SYS(futex_waitv),
                                 SCMP_SYS(sched_yield),
                                 SCMP_SYS(sched_getaffinity),
                                 SCMP_SYS(getcpu),
                                 SCMP_SYS(set_robust_list),
                                 SCMP_SYS(rseq),
                                 SCMP_SYS(exit),
                                 SCMP_SYS(exit_group),
                                 SCMP_SYS(rt_sigaction),
                                 SCMP_SYS(rt_sigprocmask),
                                 SCMP_SYS(rt_sigreturn),
                                 SCMP_SYS(sigaltstack),
                                 SCMP_SYS(restart_syscall),
                                 SCMP_SYS(clock_gettime),
                                 SCMP_SYS(clock_getres),
                                 SCMP_SYS(clock_nanosleep),
                                 SCMP_SYS(nanosleep),
                                 SCMP_SYS(gettimeofday),
                                 SCMP_SYS(getrandom),
                                 SCMP_SYS(getpid),
                                 SCMP_SYS(gettid),
                                 SCMP_SYS(getrusage),
                                 SCMP_SYS(sysinfo),
                                 SCMP_SYS(uname),
                                 SCMP_SYS(membarrier),
                                 SCMP_SYS(tgkill)};

bool NoNetwork() { return unshare(CLONE_NEWNET) == 0 || (unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0); }

// Lets go of the file system: no path can be opened any more, by whatever call, but what the engine reads of the machine's limits
// while it starts. Files that are open already, and those that the server hands over, stay usable.
bool NoFiles() {
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // Every right of the first version.
  int ruleset = static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0));
  if (ruleset < 0) return false;
  for (const char* path : {"/sys/fs/cgroup", "/sys/devices/system/cpu", "/proc/self/cgroup", "/etc/localtime"}) {
    landlock_path_beneath_attr allowed{};
    allowed.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (allowed.parent_fd < 0) continue;
    allowed.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
    syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &allowed, 0);
    close(allowed.parent_fd);
  }
  bool done = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  close(ruleset);
  return done;
}

void Note(Confinement& confinement, const char* what, bool applied) {
  (applied ? confinement.applied : confinement.missing).push_back(what);
}

void Limit(__rlimit_resource resource, rlim_t most) {
  rlimit limit{most, most};
  setrlimit(resource, &limit);
}

bool AllowMapping(scmp_filter_ctx filter) {
  // No memory that is both written and run; no file mapped: every descriptor that comes is read with pread().
  bool ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0),
                             SCMP_A4(SCMP_CMP_MASKED_EQ, 0xffffffffu, 0xffffffffu)) == 0;
  ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, 4, 0)) == 0;
  return ok;
}

bool AllowThreads(scmp_filter_ctx filter) {
  // clone() only with CLONE_THREAD; clone3() passes its flags in memory that a filter cannot read: the C library then uses clone().
  bool ok =
      seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0;
  return ok && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

}  // namespace

Confinement ConfineEarly(int keep_fd, std::uint64_t address_bytes_max, std::uint64_t file_bytes_max) {
  Confinement confinement;
  if (keep_fd > 3) close_range(3, static_cast<unsigned>(keep_fd) - 1, 0);
  close_range(static_cast<unsigned>(keep_fd) + 1, ~0u, 0);
  prctl(PR_SET_DUMPABLE, 0);
  Note(confinement, "no new privileges", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_FSIZE, file_bytes_max);
  Limit(RLIMIT_NOFILE, 1024);
  if (address_bytes_max) Limit(RLIMIT_AS, address_bytes_max);
  Note(confinement, "network namespace", NoNetwork());
  Note(confinement, "landlock", NoFiles());  // Of this thread and those that it starts: before the engine has any.
  return confinement;
}

Result<void> ConfineCalls(Confinement& confinement) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (!filter) return Fail(ErrorCode::kInternal, "no system call filter");
  bool ok = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0;
  for (int call : kAllowedCalls) ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
  ok = ok && AllowMapping(filter) && AllowThreads(filter) && seccomp_load(filter) == 0;
  seccomp_release(filter);
  if (!ok) return Fail(ErrorCode::kInternal, "the system call filter cannot be set");
  confinement.applied.push_back("seccomp");
  return {};
}

}  // namespace hanse::engine
