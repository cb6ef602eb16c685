using System.Globalization;
using System.Text;

namespace Lythonic.Dag.Values;

/// <summary>The position of the writer inside a value: the containers around it, to find cycles, and the path, for errors.</summary>
internal sealed class ValuePath
{
    // Up to this depth, looking at each container around a value is cheaper than a set of them.
    private const int Shallow = 32;
    private const int Kept = 128;
    private const int ShownSteps = 12;

    private readonly HashSet<object> _deep = new(ReferenceEqualityComparer.Instance);
    private Step[] _steps = new Step[Kept];
    private int _depth;

    /// <summary>How many containers are around the value.</summary>
    public int Depth => _depth;

    /// <summary>Enters a container, unless it is already one of those around the value.</summary>
    /// <exception cref="ValueNotStorableException">It lies deeper than a value may be.</exception>
    public bool TryEnter(object container)
    {
        if (Has(container))
            return false;
        if (_depth >= ValueTags.MaximumDepth)
            throw new ValueNotStorableException($"it lies more than {ValueTags.MaximumDepth} levels deep.");
        if (++_depth == _steps.Length)
            Array.Resize(ref _steps, 2 * _depth);
        _steps[_depth] = new Step(container);
        if (_depth > Shallow)
            _deep.Add(container);
        return true;
    }

    public void Leave()
    {
        if (_depth > Shallow)
            _deep.Remove(_steps[_depth].Container!);
        _steps[_depth--].Container = null;
    }

    public void At(int index) => _steps[_depth].Index = index;

    public void At(string name) => _steps[_depth].Name = name;

    public void Clear()
    {
        if (_steps.Length > Kept)
            _steps = new Step[Kept];
        else
            Array.Clear(_steps, 0, _depth + 1);
        _deep.Clear();
        _depth = 0;
    }

    /// <summary>The path; only the beginning and the end of a long one.</summary>
    public override string ToString()
    {
        var path = new StringBuilder("$");
        for (var i = 1; i <= _depth; i++)
        {
            if (_depth > 2 * ShownSteps && i == ShownSteps + 1)
            {
                path.Append('…');
                i = _depth - ShownSteps;
            }

            _steps[i].Write(path);
        }

        return path.ToString();
    }

    /// <summary>Whether a container is around the value.</summary>
    public bool Has(object container)
    {
        for (var i = Math.Min(_depth, Shallow); i > 0; i--)
        {
            if (ReferenceEquals(_steps[i].Container, container))
                return true;
        }

        return _depth > Shallow && _deep.Contains(container);
    }

    private struct Step(object container)
    {
        public object? Container = container;
        public string? Name;
        public int Index = -1;

        public readonly void Write(StringBuilder path)
        {
            if (Name is not null)
                path.Append('.').Append(Name);
            else if (Index >= 0)
                path.Append('[').Append(Index.ToString(CultureInfo.InvariantCulture)).Append(']');
        }
    }
}
