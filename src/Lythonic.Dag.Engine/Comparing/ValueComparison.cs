using Lythonic.Dag.Values;

namespace Lythonic.Dag.Comparing;

/// <summary>
/// Compares two stored values while it reads both texts. Members of objects and dictionaries are matched by name or key, whatever their
/// order, elements of sets by their value, and elements of lists by position, which moves where one list has an element that the other
/// lacks. Memory holds only the differences, the members of an object whose order differs, and the next elements of lists that differ. A
/// long text among them is known by its hash, and a long element that differs is read once more.
/// </summary>
internal sealed class ValueComparison
{
    /// <summary>If one value has more differences than this, the others are only counted.</summary>
    public const int MostDifferences = 1_000;

    // What is read ahead is read once more for each list that it lies in. So the lists that lie deeper are compared by position.
    private const int DeepestReadAhead = 32;

    private readonly List<ValueDifference> _found = [];
    private readonly ValuePath _path = new();
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
        comparison.Compare(left, right);
        return comparison;
    }

    private void Compare(StoredTextCursor left, StoredTextCursor right)
    {
        if (!DeepStack.HasRoom)
        {
            DeepStack.Run(() => Compare(left, right));
            return;
        }

        switch (left.Peek(), right.Peek())
        {
            case ((byte)'{', (byte)'{'):
                CompareObjects(left, right);
                break;
            case ((byte)'[', (byte)'['):
                CompareLists(left, right);
                break;
            default:
                Compare(left.ReadValue(), right.ReadValue());
                break;
        }
    }

    private void Compare(StoredPart left, StoredPart right)
    {
        if (!left.Equals(right))
            Add(left, right);
    }

    private void CompareLists(StoredTextCursor left, StoredTextCursor right)
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
                TakeNext(first, second);
            else
                Align(first, second);
        }

        _depth--;
        left.TryTake((byte)']');
        right.TryTake((byte)']');
    }

    private void Align(ListSide first, ListSide second)
    {
        first.ReadAhead(ListAlignment.Width);
        second.ReadAhead(ListAlignment.Width);
        foreach (var step in ListAlignment.Find(first, second))
        {
            if (step == ListStep.Both)
                TakeNext(first, second);
            else if (step == ListStep.First)
                AddAt(first.Index, first.Take(), null);
            else
                AddAt(second.Index, null, second.Take());
        }
    }

    // The next element of both; if one list has no more, of the other.
    private void TakeNext(ListSide first, ListSide second)
    {
        if (second.IsDone)
        {
            AddAt(first.Index, first.Take(), null);
        }
        else if (first.IsDone)
        {
            AddAt(second.Index, null, second.Take());
        }
        else if (first.Next is { } one && second.Next is { } other && one.Equals(other))
        {
            first.Take();
            second.Take();
        }
        else
        {
            _path.Enter(first.Index);
            first.Take(left => second.Take(right => Compare(left, right)));
            _path.Leave();
        }
    }

    private void CompareObjects(StoredTextCursor left, StoredTextCursor right)
    {
        left.BeginWhole();
        right.BeginWhole();
        var leftName = NameOf(left);
        var rightName = NameOf(right);
        if (leftName != ValueTags.Type && rightName != ValueTags.Type)
        {
            left.DropWhole();
            right.DropWhole();
            CompareMembers(left, right, leftName, rightName, MemberForm.OfObject);
            return;
        }

        var leftFirst = leftName is null ? null : left.ReadValue();
        var rightFirst = rightName is null ? null : right.ReadValue();
        if (leftFirst is not null && rightFirst is not null && leftName == rightName && leftFirst.Equals(rightFirst))
        {
            CompareTagged(left, right, StoredTextCursor.TextOf(leftFirst));
            return;
        }

        // Values of different types. Both are taken to their end.
        Add(left.EndWhole(), right.EndWhole());
    }

    // The first name of an object, or null if it is empty.
    private static string? NameOf(StoredTextCursor cursor)
    {
        cursor.TryTake((byte)'{');
        return cursor.HasNext((byte)'}') ? cursor.ReadName() : null;
    }

    // The members after the tag: the value itself, and flags and names that say more of its type.
    private void CompareTagged(StoredTextCursor left, StoredTextCursor right, string tag)
    {
        for (var isWhole = true; ;)
        {
            var leftName = MemberForm.OfObject.ReadName(left);
            var rightName = MemberForm.OfObject.ReadName(right);
            var isSame = leftName is not null && leftName == rightName;
            var isScalar = isSame && IsScalar(left.Peek()) && IsScalar(right.Peek());
            if (isWhole && isScalar && leftName == ValueTags.Value)
            {
                CompareTaggedScalars(left, right);
                return;
            }

            if (!isScalar)
            {
                isWhole = false;
                left.DropWhole();
                right.DropWhole();
            }

            if (!isSame)
            {
                CompareMembers(left, right, leftName, rightName, MemberForm.OfObject);
                return;
            }

            CompareTaggedMember(left, right, tag, leftName!);
        }
    }

    private static bool IsScalar(byte first) => first is not ((byte)'{' or (byte)'[');

    // A value that its type tells apart, such as a date, comes back as such only with its tag.
    private void CompareTaggedScalars(StoredTextCursor left, StoredTextCursor right)
    {
        var (one, other) = (left.ReadValue(), right.ReadValue());
        var (leftWhole, rightWhole) = (left.EndWhole(), right.EndWhole());
        if (leftWhole.IsWhole && rightWhole.IsWhole)
            Compare(leftWhole, rightWhole);
        else
            Compare(one, other);
    }

    private void CompareTaggedMember(StoredTextCursor left, StoredTextCursor right, string tag, string name)
    {
        switch (name)
        {
            case ValueTags.Value when tag.StartsWith("set<", StringComparison.Ordinal):
                CompareSets(left, right);
                break;
            case ValueTags.Entries:
                left.TryTake((byte)'[');
                right.TryTake((byte)'[');
                var (leftKey, rightKey) = (MemberForm.OfEntries.ReadName(left), MemberForm.OfEntries.ReadName(right));
                CompareMembers(left, right, leftKey, rightKey, MemberForm.OfEntries);
                break;
            case ValueTags.Text:
                CompareIn(".ToString()", left, right);
                break;
            case ValueTags.Value or ValueTags.Items or ValueTags.Base:
                Compare(left, right);
                break;
            default:
                CompareIn($".{name}", left, right);
                break;
        }
    }

    private void CompareIn(string part, StoredTextCursor left, StoredTextCursor right)
    {
        _path.Enter(part);
        Compare(left, right);
        _path.Leave();
    }

    // Compares members to the end of both containers, from two names that were taken. While the names are the same, nothing is kept.
    private void CompareMembers(
        StoredTextCursor left, StoredTextCursor right, string? leftName, string? rightName, MemberForm form)
    {
        while (leftName is not null && leftName == rightName)
        {
            _path.Enter(form, leftName);
            Compare(left, right);
            _path.Leave();
            form.EndMember(left);
            form.EndMember(right);
            leftName = form.ReadName(left);
            rightName = form.ReadName(right);
        }

        var others = Rest(right, rightName, form);
        foreach (var (name, part) in Rest(left, leftName, form))
        {
            _path.Enter(form, name);
            if (!others.Remove(name, out var other))
                Add(part, null);
            else if (!part.Equals(other))
                CompareKept(part, other);
            _path.Leave();
        }

        foreach (var (name, part) in others)
        {
            _path.Enter(form, name);
            Add(null, part);
            _path.Leave();
        }
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

    private void CompareKept(StoredPart left, StoredPart right)
    {
        if (!left.IsWhole || !right.IsWhole)
        {
            Add(left, right);
            return;
        }

        using var one = new StoredTextCursor([left.Text]);
        using var other = new StoredTextCursor([right.Text]);
        Compare(one, other);
    }

    private void CompareSets(StoredTextCursor left, StoredTextCursor right)
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
                Add(item, null);
        }

        foreach (var item in others.Values)
            Add(null, item);
        left.TryTake((byte)']');
        right.TryTake((byte)']');
    }

    private void AddAt(int index, StoredPart? left, StoredPart? right)
    {
        _path.Enter(index);
        Add(left, right);
        _path.Leave();
    }

    private void Add(StoredPart? left, StoredPart? right)
    {
        if (_found.Count < MostDifferences)
            _found.Add(new(_path.ToString(), left, right));
        else
            More++;
    }
}
