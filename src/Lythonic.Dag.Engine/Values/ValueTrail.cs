using System.Globalization;
using System.Text;

namespace Lythonic.Dag.Values;

/// <summary>Where in a value the writer is: the containers around it, to find cycles, and the path, to name it in errors.</summary>
internal sealed class ValueTrail
{
    private readonly object?[] _containers = new object?[ValueTags.MaximumDepth + 1];
    private readonly string?[] _names = new string?[ValueTags.MaximumDepth + 1];
    private readonly int[] _indices = new int[ValueTags.MaximumDepth + 1];
    private int _depth;

    /// <summary>Goes into a container, unless it is already on the way or too deep.</summary>
    public bool TryEnter(object container)
    {
        if (_depth == ValueTags.MaximumDepth)
            return false;
        for (var i = 1; i <= _depth; i++)
        {
            if (ReferenceEquals(_containers[i], container))
                return false;
        }

        _depth++;
        _containers[_depth] = container;
        _names[_depth] = null;
        _indices[_depth] = -1;
        return true;
    }

    public void Leave() => _containers[_depth--] = null;

    public void At(int index) => _indices[_depth] = index;

    public void At(string name) => _names[_depth] = name;

    public void Clear()
    {
        Array.Clear(_containers);
        _depth = 0;
    }

    public override string ToString()
    {
        var path = new StringBuilder("$");
        for (var i = 1; i <= _depth; i++)
        {
            if (_names[i] is { } name)
                path.Append('.').Append(name);
            else if (_indices[i] >= 0)
                path.Append('[').Append(_indices[i].ToString(CultureInfo.InvariantCulture)).Append(']');
        }

        return path.ToString();
    }
}
