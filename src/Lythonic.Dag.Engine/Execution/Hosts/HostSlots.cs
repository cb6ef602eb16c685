namespace Lythonic.Dag.Execution;

/// <summary>
/// The slots of a host, which all nodes of a run share that name it, at any depth. A slot is taken by calls alone: an element that keeps
/// its host holds none between two of its nodes, so nobody who holds a slot waits for another. Pure, as <see cref="HostFarm"/> is. Under
/// the session's lock.
/// </summary>
internal sealed class HostSlots
{
    private readonly Queue<HostFarm> _turns = new();
    private readonly HashSet<HostFarm> _waiting = [];

    /// <summary>How many slots there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many slots are taken. If short calls turn out to be long, this may be more than there are.</summary>
    public int Taken { get; private set; }

    /// <summary>How many farms have a slot that takes more of their short calls.</summary>
    public int PartlyTaken { get; private set; }

    /// <summary>How many farms may be waiting for a slot.</summary>
    public int Waiting => _turns.Count;

    /// <summary>Whether any farm can have room for a call.</summary>
    public bool MayHaveRoom => Taken < Count || (Taken == Count && PartlyTaken > 0);

    /// <summary>Notes how many slots a node says that the host has. If several nodes say so, the largest number counts.</summary>
    /// <returns>Whether there are more than before.</returns>
    public bool Allow(int count)
    {
        if (count <= Count)
            return false;
        Count = count;
        return true;
    }

    /// <summary>Changes how much is taken.</summary>
    public void Change(int taken, int partlyTaken)
    {
        Taken += taken;
        PartlyTaken += partlyTaken;
    }

    /// <summary>Waits for a turn, unless the farm does already.</summary>
    public void Await(HostFarm farm)
    {
        if (_waiting.Add(farm))
            _turns.Enqueue(farm);
    }

    /// <summary>
    /// The farm whose turn it is. Its next turn comes after those of all others. Farms in which nobody waits are dropped.
    /// </summary>
    /// <returns>The farm; <see langword="null"/> if none waits.</returns>
    public HostFarm? NextTurn()
    {
        while (_turns.TryDequeue(out var farm))
        {
            if (farm.HasWaiting)
            {
                _turns.Enqueue(farm);
                return farm;
            }

            _waiting.Remove(farm);
        }

        return null;
    }

    /// <summary>Whether anybody of another farm waits.</summary>
    public bool IsAwaitedBesides(HostFarm farm)
    {
        foreach (var other in _turns)
        {
            if (other != farm && other.HasWaiting)
                return true;
        }

        return false;
    }
}
