using Lythonic.Dag.Execution;

namespace Lythonic.Dag.Engine.Tests.Execution;

public sealed class LockQueueTests
{
    private readonly LockQueue _queue = new();
    private readonly List<string> _granted = [];

    [Fact]
    public void A_lock_is_had_by_one_and_then_by_the_next_who_asked()
    {
        var one = Ask("one", "a");
        var two = Ask("two", "a");
        var three = Ask("three", "a");
        Assert.Equal((true, false, false), (one.IsGranted, two.IsGranted, three.IsGranted));

        _queue.Leave(one);
        _queue.Leave(two);

        Assert.Equal(["two", "three"], _granted);
    }

    [Fact]
    public void All_locks_are_given_at_once_or_none()
    {
        var a = Ask("a", "a");
        var both = Ask("both", "b", "a");
        var b = Ask("b", "b");
        Assert.False(both.IsGranted);
        // The ticket that asked later must wait. Otherwise the one that wants both might wait for ever.
        Assert.False(b.IsGranted);

        _queue.Leave(a);
        Assert.Equal(["both"], _granted);
        _queue.Leave(both);
        Assert.Equal(["both", "b"], _granted);
    }

    [Fact]
    public void Who_gives_up_is_passed_over()
    {
        var one = Ask("one", "a");
        var two = Ask("two", "a");
        Ask("three", "a");

        _queue.Leave(two);
        _queue.Leave(two);
        Assert.Empty(_granted);
        _queue.Leave(one);

        Assert.Equal(["three"], _granted);
    }

    [Fact]
    public void Those_who_share_a_lock_keep_out_those_who_do_not_alone()
    {
        var one = Share("one", "a");
        var two = Share("two", "a");
        var alone = Ask("alone", "a");
        var late = Share("late", "a");
        Assert.Equal((true, true, false, false), (one.IsGranted, two.IsGranted, alone.IsGranted, late.IsGranted));

        _queue.Leave(one);
        Assert.Empty(_granted);
        _queue.Leave(two);
        Assert.Equal(["alone"], _granted);
        _queue.Leave(alone);
        Assert.Equal(["alone", "late"], _granted);
    }

    [Fact]
    public void Whatever_is_asked_for_in_whatever_order_of_names_all_get_it_and_no_two_at_once()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var crowd = new Crowd(_queue);
            for (var (asked, ended) = (0, 0); ended < 40;)
            {
                if (asked < 40 && (crowd.Held.Count == 0 || random.Next(2) == 0))
                {
                    asked++;
                    crowd.Ask([.. new[] { "a", "b", "c", "d" }.OrderBy(_ => random.Next()).Take(random.Next(1, 4))]);
                    continue;
                }

                Assert.True(crowd.Held.Count > 0, $"{asked - ended} wait for nobody; seed {seed}");
                ended++;
                crowd.Leave(crowd.Held[random.Next(crowd.Held.Count)]);
            }
        }
    }

    private LockTicket Ask(string who, params string[] names) => _queue.Enter(names.Select(name => (name, false)), () => _granted.Add(who));

    private LockTicket Share(string who, string name) => _queue.Enter([(name, true)], () => _granted.Add(who));

    // Holds what it was granted, and proves that nobody else holds any of the names.
    private sealed class Crowd(LockQueue queue)
    {
        private readonly HashSet<string> _names = [];

        public List<(LockTicket Ticket, string[] Names)> Held { get; } = [];

        public void Ask(string[] names)
        {
            LockTicket? own = null;
            own = queue.Enter(names.Select(name => (name, false)), () => Hold(own!, names));
            if (own.IsGranted)
                Hold(own, names);
        }

        public void Leave((LockTicket Ticket, string[] Names) held)
        {
            Held.Remove(held);
            _names.ExceptWith(held.Names);
            queue.Leave(held.Ticket);
        }

        private void Hold(LockTicket ticket, string[] names)
        {
            Held.Add((ticket, names));
            Assert.All(names, name => Assert.True(_names.Add(name)));
        }
    }
}
