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
            var held = new Dictionary<string, int>();
            var inFlight = new List<(LockTicket Ticket, string[] Names)>();
            var waiting = new Dictionary<LockTicket, string[]>();
            void Begin(LockTicket ticket, string[] names)
            {
                inFlight.Add((ticket, names));
                foreach (var name in names)
                    Assert.Equal(1, held[name] = held.GetValueOrDefault(name) + 1);
            }

            for (var (asked, ended) = (0, 0); ended < 40;)
            {
                if (asked < 40 && (inFlight.Count == 0 || random.Next(2) == 0))
                {
                    asked++;
                    string[] names = [.. new[] { "a", "b", "c", "d" }.OrderBy(_ => random.Next()).Take(random.Next(1, 4))];
                    LockTicket? own = null;
                    own = _queue.Enter(names.Select(name => (name, false)), () =>
                    {
                        waiting.Remove(own!);
                        Begin(own!, names);
                    });
                    if (own.IsGranted)
                        Begin(own, names);
                    else
                        waiting[own] = names;
                    continue;
                }

                Assert.True(inFlight.Count > 0, $"{waiting.Count} wait for nobody; seed {seed}");
                var (ticket, taken) = inFlight[random.Next(inFlight.Count)];
                inFlight.RemoveAll(other => other.Ticket == ticket);
                foreach (var name in taken)
                    held[name]--;
                ended++;
                _queue.Leave(ticket);
            }
        }
    }

    private LockTicket Ask(string who, params string[] names) => _queue.Enter(names.Select(name => (name, false)), () => _granted.Add(who));

    private LockTicket Share(string who, string name) => _queue.Enter([(name, true)], () => _granted.Add(who));
}
