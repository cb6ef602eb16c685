using Lythonic.Dag.Engine.Tests.Fakes;
using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Execution;

/// <summary>Who gets which host of a farm.</summary>
public sealed class HostFarmTests
{
    private int _order;

    [Fact]
    public void Work_is_spread_over_the_hosts_and_a_slot_that_comes_back_goes_to_the_first_who_waits()
    {
        var farm = Farm(("a", 2), ("b", 1));
        var seekers = Wait(farm, 5);

        Assert.Equal(["a", "b", "a"], Names(Assign(farm)));
        HostFarm.Release(seekers[1].Lease!);
        Assert.Equal(["b"], Names(Assign(farm)));
        Assert.NotNull(seekers[3].Lease);
        Assert.Null(seekers[4].Lease);
    }

    [Fact]
    public void A_host_that_refuses_is_tried_again_after_5_15_and_60_seconds_by_one_alone_and_is_then_out()
    {
        var farm = Farm(("bad", 3), ("busy", 1));
        Take(farm, "busy");
        Wait(farm, 1);
        farm.Refuse(Assign(farm)[0], "no", Seconds(0));
        foreach (var (from, to) in new[] { (0, 5), (5, 20), (20, 80) })
        {
            var waiting = Wait(farm, 2);
            Assert.Empty(Assign(farm, to - 1));
            Assert.Equal((Seconds(to), null), (farm.WakesAt(Seconds(from)), farm.WakesAt(Seconds(to))));
            farm.Refuse(Assert.Single(Assign(farm, to)), "no", Seconds(to));
            Assert.Null(waiting[1].Lease);
            farm.RemoveWaiting();
        }

        Wait(farm, 1);
        Assert.Empty(Assign(farm, 10_000));
        Assert.Null(farm.WakesAt(Seconds(80)));
        Assert.Null(farm.NoneLeft);
    }

    [Fact]
    public void The_slot_of_a_long_call_is_shared_by_nobody_until_the_call_ends()
    {
        var farm = Farm(("a", 2));
        Wait(farm, 1);
        var lease = Assert.Single(Assign(farm));
        lease.Host.Measure(TimeSpan.FromMilliseconds(1));
        Assert.Equal(64, farm.Room);

        HostFarm.NoteLong(lease);
        HostFarm.NoteLong(lease);
        Assert.Equal(33, farm.Room);
        HostFarm.Release(lease);
        Assert.Equal(64, farm.Room);
    }

    [Fact]
    public void Of_many_who_were_refused_at_once_the_first_says_it_for_all()
    {
        var farm = Farm(("a", 3), ("b", 1));
        Take(farm, "b");
        Wait(farm, 3);
        foreach (var lease in Assign(farm))
            farm.Refuse(lease, "no", Seconds(1));

        Wait(farm, 1);
        Assert.Equal(Seconds(6), farm.WakesAt(Seconds(1)));
    }

    [Fact]
    public void A_connection_forgives_what_was_refused()
    {
        var farm = Farm(("a", 1), ("b", 1));
        Take(farm, "b");
        Wait(farm, 1);
        farm.Refuse(Assign(farm)[0], "no", Seconds(0));
        Wait(farm, 1);
        var lease = Assert.Single(Assign(farm, 5));
        HostFarm.Open(lease);
        HostFarm.Release(lease);
        Wait(farm, 1);
        farm.Refuse(Assert.Single(Assign(farm, 6)), "no", Seconds(6));
        Wait(farm, 1);

        Assert.Equal(Seconds(11), farm.WakesAt(Seconds(6)));
    }

    [Fact]
    public void Where_every_host_is_out_each_is_named_with_its_reason()
    {
        var farm = Farm(("a", 1), ("b", 1));
        for (var (time, round) = (0, 0); round < 4; time += 60, round++)
        {
            Wait(farm, 2);
            foreach (var lease in Assign(farm, time))
                farm.Refuse(lease, $"{lease.Host.Spec.Name} says no", Seconds(time));
        }

        Assert.Equal("a: a says no; b: b says no", farm.NoneLeft);
    }

    [Fact]
    public void A_sole_host_is_never_out_and_never_waited_for()
    {
        var farm = Farm(("a", 1));
        for (var round = 0; round < 9; round++)
        {
            Wait(farm, 1);
            farm.Refuse(Assert.Single(Assign(farm)), "no", Seconds(0));
        }

        Assert.Null(farm.NoneLeft);
    }

    [Fact]
    public void Who_lost_a_host_waits_for_another_and_who_did_not_is_not_held_up()
    {
        var farm = Farm(("a", 1), ("b", 1));
        var first = Wait(farm, 3);
        Assign(farm);
        HostFarm.Lose(first[0].Lease!);
        farm.Enqueue(first[0]);

        Assert.Equal(["a"], Names(Assign(farm)));
        Assert.Equal("a", first[2].Lease!.Host.Spec.Name);
        HostFarm.Release(first[1].Lease!);
        Assert.Equal(["b"], Names(Assign(farm)));
        Assert.Equal("b", first[0].Lease!.Host.Spec.Name);
    }

    [Fact]
    public void Who_lost_the_only_host_that_is_left_goes_back_to_it_at_once()
    {
        var farm = Farm(("a", 1), ("b", 1));
        var seekers = Wait(farm, 2);
        Assign(farm);
        farm.Refuse(seekers[1].Lease!, "no", Seconds(0));
        HostFarm.Lose(seekers[0].Lease!);
        farm.Enqueue(seekers[0]);

        Assert.Equal(["a"], Names(Assign(farm)));
    }

    [Fact]
    public void A_call_that_ends_on_a_host_proves_that_it_is_there()
    {
        var farm = Farm(("a", 2), ("b", 1));
        Take(farm, "b");
        var seekers = Wait(farm, 2);
        Assign(farm);
        HostFarm.Open(seekers[0].Lease!);
        seekers[1].Lease!.Renew();
        farm.Refuse(seekers[1].Lease!, "too many", Seconds(0));
        Wait(farm, 1);
        Assert.Empty(Assign(farm, 1));

        HostFarm.Release(seekers[0].Lease!);

        Assert.Equal(["a"], Names(Assign(farm, 1)));
    }

    [Fact]
    public void Who_makes_short_calls_shares_slots_evenly_over_the_hosts_and_a_long_call_ends_that()
    {
        var farm = Farm(("a", 1), ("b", 1));
        Wait(farm, 2);
        foreach (var lease in Assign(farm))
            lease.Host.Measure(TimeSpan.FromMilliseconds(10));
        Wait(farm, 20);
        var shared = Assign(farm);

        Assert.Equal((10, 5, 5), (shared.Count, Names(shared).Count(name => name == "a"), Names(shared).Count(name => name == "b")));
        shared.ForEach(lease => lease.Host.Measure(TimeSpan.FromSeconds(1)));
        shared.ForEach(HostFarm.Release);
        Assert.Empty(Assign(farm));
        Assert.Equal(2, farm.Room);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static HostFarm Farm(params (string Name, int Slots)[] hosts) =>
        new([.. hosts.Select(host => Host(host.Name, host.Slots, new HostSlots()))]);

    private static FarmHost Host(string name, int count, HostSlots slots)
    {
        slots.Allow(count);
        return new FarmHost(new HostSpec(name, count, name), slots);
    }

    private static List<HostLease> Assign(HostFarm farm, int seconds = 0)
    {
        var leases = new List<HostLease>();
        while (farm.LeaseNext(Seconds(seconds)) is { } lease)
        {
            lease.Seeker.Accept(lease);
            leases.Add(lease);
        }

        return leases;
    }

    private static string[] Names(List<HostLease> leases) => [.. leases.Select(lease => lease.Host.Spec.Name)];

    private List<WaitingSeeker> Wait(HostFarm farm, int count)
    {
        var seekers = Enumerable.Range(0, count).Select(_ => new WaitingSeeker(OrderKey.Root.Then(_order++))).ToList();
        seekers.ForEach(farm.Enqueue);
        return seekers;
    }

    // Takes all slots, and gives back those of the other hosts.
    private void Take(HostFarm farm, string host)
    {
        Wait(farm, farm.Room);
        foreach (var lease in Assign(farm))
        {
            if (lease.Host.Spec.Name != host)
                HostFarm.Release(lease);
        }
    }
}
