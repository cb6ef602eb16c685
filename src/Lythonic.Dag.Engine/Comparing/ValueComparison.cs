using Lythonic.Dag.Values;

namespace Lythonic.Dag.Comparing;

/// <summary>
/// Compares two stored values in one pass over both texts. Members of objects and dictionaries are matched by name or key, whatever their
/// order, elements of sets by their value, and elements of lists by position, which moves where one list has an element that the other
/// lacks. Memory holds only the differences, the members of an object whose order differs, and the next elements of lists that differ. A
/// long text among the members is compared by its hash.
/// </summary>
internal sealed class ValueComparison
{
    /// <summary>If one value has more differences than this, the others are only counted.</summary>
    public const int MostDifferences = 1_000;

    // What is read ahead is read once more for each list that it lies in. So the lists that lie deeper are compared by position.
    private const int DeepestReadAhead = 32;

    private readonly List<ValueDifference> _found = [];
    private int _depth;

    private ValueComparison()
    {
    }

    /// <summary>The differences, or the first of them if there are many.</summary>
    public IReadOnlyList<ValueDifference> Found => _found;

    /// <summary>How many more differences there are.</summary>
    public int More { get; private set; }

    /// <summary>Compares two values.</summary>
    /// <param name="reference">The first text, in pieces.</param>
    /// <param name="difference">The second text, in pieces.</param>
    public static ValueComparison Between(IEnumerable<ReadOnlyMemory<byte>> reference, IEnumerable<ReadOnlyMemory<byte>> difference)
    {
        var comparison = new ValueComparison();
        using var left = new StoredTextCursor(reference);
        using var right = new StoredTextCursor(difference);
        comparison.Compare(left, right, "$");
        return comparison;
    }

    private void Compare(StoredTextCursor left, StoredTextCursor right, string path)
    {
        if (!DeepStack.HasRoom)
        {
            DeepStack.Run(() => Compare(left, right, path));
            return;
        }

        switch (left.Peek(), right.Peek())
        {
            case ((byte)'{', (byte)'{'):
                CompareObjects(left, right, path);
                break;
            case ((byte)'[', (byte)'['):
                CompareLists(left, right, path);
                break;
            default:
                Compare(left.ReadValue(), right.ReadValue(), path);
                break;
        }
    }

    private void Compare(StoredPart left, StoredPart right, string path)
    {
        if (!left.Equals(right))
            Add(new(path, left, right));
    }

    private void CompareLists(StoredTextCursor left, StoredTextCursor right, string path)
    {
        left.TryTake((byte)'[');
        right.TryTake((byte)'[');
        var (first, second) = (new ListSide(left), new ListSide(right));
        _depth++;
        while (true)
        {
            // If the differences are only counted, nothing is worth keeping.
            if (More == 0 && _depth <= DeepestReadAhead)
            {
                first.ReadAhead(1);
                second.ReadAhead(1);
            }

            if (first.IsDone && second.IsDone)
                break;
            if (first.Next is not { } one || second.Next is not { } other || one.Equals(other) || More > 0)
                TakeNext(first, second, path);
            else
                Align(first, second, path);
        }

        _depth--;
        left.TryTake((byte)']');
        right.TryTake((byte)']');
    }

    private void Align(ListSide first, ListSide second, string path)
    {
        first.ReadAhead(ListAlignment.Width);
        second.ReadAhead(ListAlignment.Width);
        foreach (var step in ListAlignment.Find(first, second))
        {
            if (step == ListStep.Both)
                TakeNext(first, second, path);
            else if (step == ListStep.First)
                Add(new($"{path}[{first.Index}]", first.Take(), null));
            else
                Add(new($"{path}[{second.Index}]", null, second.Take()));
        }
    }

    // The next element of both; if one list has no more, of the other.
    private void TakeNext(ListSide first, ListSide second, string path)
    {
        if (second.IsDone)
        {
            Add(new($"{path}[{first.Index}]", first.Take(), null));
        }
        else if (first.IsDone)
        {
            Add(new($"{path}[{second.Index}]", null, second.Take()));
        }
        else if (first.Next is { } one && second.Next is { } other && one.Equals(other))
        {
            first.Take();
            second.Take();
        }
        else
        {
            var place = $"{path}[{first.Index}]";
            first.Take(left => second.Take(right => Compare(left, right, place)));
        }
    }

    private void CompareObjects(StoredTextCursor left, StoredTextCursor right, string path)
    {
        left.BeginWhole();
        right.BeginWhole();
        var leftName = NameOf(left);
        var rightName = NameOf(right);
        if (leftName != ValueTags.Type && rightName != ValueTags.Type)
        {
            left.DropWhole();
            right.DropWhole();
            CompareMembers(left, right, leftName, rightName, path, MemberForm.OfObject);
            return;
        }

        var leftFirst = leftName is null ? null : left.ReadValue();
        var rightFirst = rightName is null ? null : right.ReadValue();
        if (leftFirst is not null && rightFirst is not null && leftName == rightName && leftFirst.Equals(rightFirst))
        {
            left.DropWhole();
            right.DropWhole();
            CompareTagged(left, right, StoredTextCursor.TextOf(leftFirst), path);
            return;
        }

        // Values of different types. Both are taken to their end.
        Add(new(path, left.EndWhole(), right.EndWhole()));
    }

    // The first name of an object, or null if it is empty.
    private static string? NameOf(StoredTextCursor cursor)
    {
        cursor.TryTake((byte)'{');
        return cursor.HasNext((byte)'}') ? cursor.ReadName() : null;
    }

    // The members after the tag: the value itself, and flags and names that say more of its type.
    private void CompareTagged(StoredTextCursor left, StoredTextCursor right, string tag, string path)
    {
        while (true)
        {
            var leftName = MemberForm.OfObject.ReadName(left);
            var rightName = MemberForm.OfObject.ReadName(right);
            if (leftName is null || leftName != rightName)
            {
                CompareMembers(left, right, leftName, rightName, path, MemberForm.OfObject);
                return;
            }

            switch (leftName)
            {
                case ValueTags.Value when tag.StartsWith("set<", StringComparison.Ordinal):
                    CompareSets(left, right, path);
                    break;
                case ValueTags.Entries:
                    left.TryTake((byte)'[');
                    right.TryTake((byte)'[');
                    CompareMembers(
                        left, right, MemberForm.OfEntries.ReadName(left), MemberForm.OfEntries.ReadName(right), path, MemberForm.OfEntries);
                    break;
                case ValueTags.Text:
                    Compare(left, right, path + ".ToString()");
                    break;
                case ValueTags.Value or ValueTags.Items or ValueTags.Base:
                    Compare(left, right, path);
                    break;
                default:
                    Compare(left, right, $"{path}.{leftName}");
                    break;
            }
        }
    }

    // Compares members to the end of both containers, from two names that were taken. While the names are the same, nothing is kept.
    private void CompareMembers(
        StoredTextCursor left, StoredTextCursor right, string? leftName, string? rightName, string path, MemberForm form)
    {
        while (leftName is not null && leftName == rightName)
        {
            Compare(left, right, path + form.Step(leftName));
            form.EndMember(left);
            form.EndMember(right);
            leftName = form.ReadName(left);
            rightName = form.ReadName(right);
        }

        var others = Rest(right, rightName, form);
        foreach (var (name, part) in Rest(left, leftName, form))
        {
            if (!others.Remove(name, out var other))
                Add(new(path + form.Step(name), part, null));
            else if (!part.Equals(other))
                CompareKept(part, other, path + form.Step(name));
        }

        foreach (var (name, part) in others)
            Add(new(path + form.Step(name), null, part));
    }

    // The members from the name that was taken to the end of the container, which is taken too.
    private static Dictionary<string, StoredPart> Rest(StoredTextCursor cursor, string? name, MemberForm form)
    {
        var members = new Dictionary<string, StoredPart>(StringComparer.Ordinal);
        for (; name is not null; name = form.ReadName(cursor))
        {
            members[name] = cursor.ReadValue();
            form.EndMember(cursor);
        }

        cursor.TryTake(form.End);
        return members;
    }

    private void CompareKept(StoredPart left, StoredPart right, string path)
    {
        if (!left.IsWhole || !right.IsWhole)
        {
            Add(new(path, left, right));
            return;
        }

        using var one = new StoredTextCursor([left.Text]);
        using var other = new StoredTextCursor([right.Text]);
        Compare(one, other, path);
    }

    private void CompareSets(StoredTextCursor left, StoredTextCursor right, string path)
    {
        left.TryTake((byte)'[');
        right.TryTake((byte)'[');
        var others = new Dictionary<string, StoredPart>(StringComparer.Ordinal);
        while (right.HasNext((byte)']'))
        {
            var item = right.ReadValue();
            others[item.Identity()] = item;
        }

        while (left.HasNext((byte)']'))
        {
            var item = left.ReadValue();
            if (!others.Remove(item.Identity()))
                Add(new(path, item, null));
        }

        foreach (var item in others.Values)
            Add(new(path, null, item));
        left.TryTake((byte)']');
        right.TryTake((byte)']');
    }

    private void Add(ValueDifference difference)
    {
        if (_found.Count < MostDifferences)
            _found.Add(difference);
        else
            More++;
    }
}
