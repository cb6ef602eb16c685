namespace Lythonic.Dag.Sqlite;

/// <summary>
/// The owners of the rows of one query. A row is read before its owner is checked, and the owner may have written the end of its run in
/// between, and then have left. So rows are read again after an owner was found to have left.
/// </summary>
internal sealed class OwnerChecks
{
    private readonly Dictionary<(Owner, string), bool> _hasLeft = [];
    private int _left;

    private OwnerChecks()
    {
    }

    /// <summary>Reads rows until each owner that has left had done so before the rows were read.</summary>
    /// <param name="read">Reads the rows, and checks their owners.</param>
    public static T Settle<T>(Func<OwnerChecks, T> read)
    {
        var owners = new OwnerChecks();
        while (true)
        {
            var before = owners._left;
            var rows = read(owners);
            if (owners._left == before)
                return rows;
        }
    }

    /// <summary>Whether the owner of a run that is marked as running has left it. Each process is checked once for all its runs.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="rootRunId">The id of the root run.</param>
    public bool HasLeft(Owner owner, string rootRunId)
    {
        var key = (owner, owner == Owner.Current ? rootRunId : "");
        if (!_hasLeft.TryGetValue(key, out var has))
        {
            _hasLeft[key] = has = owner.HasLeft(rootRunId);
            _left += has ? 1 : 0;
        }

        return has;
    }
}
