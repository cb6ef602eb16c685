namespace Lythonic.Dag.Comparing;

/// <summary>One of two lists that are compared: where it is read, and the elements that were read ahead.</summary>
/// <param name="cursor">Reads the list, of which the bracket was taken.</param>
internal sealed class ListSide(StoredTextCursor cursor)
{
    // As many bytes as are read ahead, so that memory does not grow with the size of the elements.
    private const int MostAhead = 4 * 1024 * 1024;

    private readonly Queue<StoredPart> _ahead = [];
    private long _bytes;
    private bool _isBeforeElement;

    /// <summary>The position of the next element.</summary>
    public int Index { get; private set; }

    /// <summary>Whether all of the list has been read, ahead or not.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether no element is left.</summary>
    public bool IsDone => _ahead.Count == 0 && !IsBeforeElement();

    /// <summary>The elements that were read ahead.</summary>
    public IReadOnlyCollection<StoredPart> Ahead => _ahead;

    /// <summary>The next element; <see langword="null"/> if it was not read ahead.</summary>
    public StoredPart? Next => _ahead.TryPeek(out var next) ? next : null;

    /// <summary>Reads ahead, up to the end of the list.</summary>
    /// <param name="count">How many elements may be ahead.</param>
    public void ReadAhead(int count)
    {
        while (_ahead.Count < count && (_bytes < MostAhead || _ahead.Count == 0) && IsBeforeElement())
        {
            _isBeforeElement = false;
            var part = cursor.ReadValue();
            _bytes += part.Text.Length;
            _ahead.Enqueue(part);
        }
    }

    /// <summary>Takes the next element.</summary>
    public StoredPart Take()
    {
        Index++;
        if (_ahead.TryDequeue(out var part))
        {
            _bytes -= part.Text.Length;
            return part;
        }

        IsBeforeElement();
        _isBeforeElement = false;
        return cursor.ReadValue();
    }

    /// <summary>Takes the next element as a text to read.</summary>
    /// <param name="read">Reads it to its end.</param>
    public void Take(Action<StoredTextCursor> read)
    {
        if (Next is null)
        {
            Index++;
            IsBeforeElement();
            _isBeforeElement = false;
            read(cursor);
            return;
        }

        var part = Take();
        if (!part.IsWhole)
        {
            read(cursor.Behind(part.Start));
            return;
        }

        using var kept = new StoredTextCursor([part.Text]);
        read(kept);
    }

    private bool IsBeforeElement()
    {
        if (!_isBeforeElement && !IsAtEnd)
        {
            _isBeforeElement = cursor.HasNext((byte)']');
            IsAtEnd = !_isBeforeElement;
        }

        return _isBeforeElement;
    }
}
