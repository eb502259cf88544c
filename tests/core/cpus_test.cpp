#include "promptcl/core/cpus.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <sched.h>

namespace promptcl {
namespace {

const std::string kGroups = "sys/fs/cgroup/";

TEST(CpuQuota, OfVersionTwoIsTimeOverPeriod) {
    const TemporaryFolder root;
    root.write("proc/self/cgroup", "0::/a/b\n");
    root.write(kGroups + "a/b/cpu.max", "150000 100000\n");
    EXPECT_EQ(cpu_quota(root.path()), 1.5);
}

TEST(CpuQuota, IsTheTightestOfTheGroupsAbove) {
    const TemporaryFolder root;
    root.write("proc/self/cgroup", "0::/a/b\n");
    root.write(kGroups + "a/cpu.max", "50000 100000\n");
    root.write(kGroups + "a/b/cpu.max", "300000 100000\n");
    EXPECT_EQ(cpu_quota(root.path()), 0.5);
}

TEST(CpuQuota, IsFoundAtTheTopWhereAContainerSeesItselfThere) {
    const TemporaryFolder root;
    root.write("proc/self/cgroup", "0::/host/name/of/the/container\n");
    root.write(kGroups + "cpu.max", "200000 100000\n");
    EXPECT_EQ(cpu_quota(root.path()), 2.0);
}

TEST(CpuQuota, OfVersionOneStandsInTheFolderOfItsControllers) {
    const TemporaryFolder root;
    root.write("proc/self/cgroup", "7:memory:/m\n4:cpu,cpuacct:/c\n0::/\n");
    root.write(kGroups + "cpu,cpuacct/c/cpu.cfs_quota_us", "250000\n");
    root.write(kGroups + "cpu,cpuacct/c/cpu.cfs_period_us", "100000\n");
    root.write(kGroups + "memory/m/cpu.cfs_quota_us", "1\n");
    EXPECT_EQ(cpu_quota(root.path()), 2.5);
}

TEST(CpuQuota, OfVersionOneMayStandInAFolderNamedCpu) {
    const TemporaryFolder root;
    root.write("proc/self/cgroup", "4:cpuacct,cpu:/\n");
    root.write(kGroups + "cpu/cpu.cfs_quota_us", "100000\n");
    root.write(kGroups + "cpu/cpu.cfs_period_us", "100000\n");
    EXPECT_EQ(cpu_quota(root.path()), 1.0);
}

TEST(CpuQuota, IsNothingWhereNoneIsSet) {
    const TemporaryFolder root;
    EXPECT_EQ(cpu_quota(root.path()), std::nullopt);
    root.write("proc/self/cgroup", "no colons\n4:cpu:/\n0::/\n");
    root.write(kGroups + "cpu/cpu.cfs_quota_us", "-1\n");
    root.write(kGroups + "cpu/cpu.cfs_period_us", "100000\n");
    root.write(kGroups + "cpu.max", "max 100000\n");
    EXPECT_EQ(cpu_quota(root.path()), std::nullopt);
}

TEST(UsableCpus, AreThoseThatTheProcessIsBoundTo) {
    const TemporaryFolder no_groups;
    cpu_set_t before, one;
    ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
    EXPECT_EQ(usable_cpus(no_groups.path()), CPU_COUNT(&before));
    CPU_ZERO(&one);
    for (int cpu = 0; CPU_COUNT(&one) == 0; ++cpu) {
        if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
    }
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(usable_cpus(no_groups.path()), 1);
    ::sched_setaffinity(0, sizeof before, &before);
}

TEST(UsableCpus, AreAtMostTheQuotaRoundedUpAndAtLeastOne) {
    const TemporaryFolder root;
    root.write("proc/self/cgroup", "0::/\n");
    root.write(kGroups + "cpu.max", "20000 100000\n");
    EXPECT_EQ(usable_cpus(root.path()), 1);
    root.write(kGroups + "cpu.max", "120000000 100000\n");
    EXPECT_EQ(usable_cpus(root.path()), usable_cpus(TemporaryFolder().path()));
}

}  // namespace
}  // namespace promptcl
