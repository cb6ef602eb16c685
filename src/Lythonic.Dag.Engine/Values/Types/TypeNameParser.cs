namespace Lythonic.Dag.Values;

/// <summary>Reads names such as <c>list&lt;int?[]&gt;</c>. Depth and length are limited, because a tag may come from anywhere.</summary>
internal sealed class TypeNameParser(string text, Func<string, Type?> leaf)
{
    private const int MaximumLength = 1000;
    private const int MaximumDepth = 12;
    private const int MaximumRank = 8;
    private int _position;

    public Type? Parse()
    {
        if (text.Length > MaximumLength)
            return null;
        var type = ParseType(0);
        return _position == text.Length ? type : null;
    }

    private Type? ParseType(int depth)
    {
        if (depth > MaximumDepth)
            return null;
        var start = _position;
        while (_position < text.Length && text[_position] is not ('<' or '>' or ',' or '[' or '?'))
            _position++;
        var name = text[start.._position];
        var type = TryConsume('<') ? ParseGeneric(name, depth) : leaf(name);
        return type is null ? null : ParseSuffixes(type, depth);
    }

    private Type? ParseGeneric(string name, int depth)
    {
        var arguments = new List<Type>();
        do
        {
            if (ParseType(depth + 1) is not { } argument)
                return null;
            arguments.Add(argument);
        }
        while (TryConsume(','));
        return TryConsume('>') && StoredTypes.KindOf(name) is { } kind ? StoredTypes.Make(kind, [.. arguments]) : null;
    }

    private Type? ParseSuffixes(Type type, int depth)
    {
        for (var suffixes = depth; _position < text.Length; suffixes++)
        {
            if (suffixes > MaximumDepth)
                return null;
            if (TryConsume('?'))
            {
                if (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null)
                    return null;
                type = typeof(Nullable<>).MakeGenericType(type);
            }
            else if (text.AsSpan(_position).StartsWith("[]"))
            {
                _position += 2;
                type = type.MakeArrayType();
            }
            else if (RankAhead() is > 1 and var rank)
            {
                _position += rank + 1;
                type = type.MakeArrayType(rank);
            }
            else
            {
                return type;
            }
        }

        return type;
    }

    // Of [,] and the like; 0 if there is none.
    private int RankAhead()
    {
        var rest = text.AsSpan(_position);
        var end = rest.IndexOf(']');
        return end > 1 && end <= MaximumRank && rest[0] == '[' && rest[1..end].Trim(',').IsEmpty ? end : 0;
    }

    private bool TryConsume(char expected)
    {
        if (_position >= text.Length || text[_position] != expected)
            return false;
        _position++;
        return true;
    }
}
