namespace Lythonic.Dag.Execution;

/// <summary>
/// The place of a node in the order in which nodes were added, over all nesting: positions from the root run inwards. Nodes that are ready
/// at the same time start in this order, so that an element that has begun ends before later ones begin.
/// </summary>
internal sealed class OrderKey : IComparable<OrderKey>
{
    private readonly int[] _path;

    private OrderKey(int[] path) => _path = path;

    public static OrderKey Root { get; } = new([]);

    public OrderKey Then(int position) => new([.. _path, position]);

    public int CompareTo(OrderKey? other)
    {
        var shared = Math.Min(_path.Length, other!._path.Length);
        for (var index = 0; index < shared; index++)
        {
            if (_path[index] != other._path[index])
                return _path[index].CompareTo(other._path[index]);
        }

        return _path.Length.CompareTo(other._path.Length);
    }
}
