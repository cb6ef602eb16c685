using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Lythonic.Dag.Provenance;
using Lythonic.Dag.Values;

namespace Lythonic.Dag.Execution;

/// <summary>The parts that must be the same for an output to be reused. They are compared in their order.</summary>
internal sealed class ReuseParts
{
    /// <summary>How many bytes of a hash are kept.</summary>
    public const int HashLength = 16;

    private readonly List<ReusePart> _parts = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The parts.</summary>
    public IReadOnlyList<ReusePart> Parts => _parts;

    /// <summary>Why they cannot be compared, as the rest of a sentence that begins with "it"; or <see langword="null"/>.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Notes that they cannot be compared; the first reason counts.</summary>
    public void Refuse(string obstacle) => Obstacle ??= obstacle;

    /// <summary>Adds a text.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="text">The text.</param>
    /// <param name="of">What tells it from another one of that name; or <see langword="null"/>.</param>
    public void AddText(string name, string? text, string? of = null) =>
        Add(name, Hash(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text is null ? "-" : $"+{text}"))), of);

    /// <summary>Adds a stored form, with the state of the files in it.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="json">The stored form.</param>
    /// <param name="of">What tells it from another one of that name; or <see langword="null"/>.</param>
    public void AddForm(string name, ReadOnlySequence<byte> json, string? of = null)
    {
        var form = ComparableForm.Read(json);
        if (form.Obstacle is { } obstacle)
        {
            Refuse($"has {obstacle} as {name}");
            return;
        }

        Add(name, Hash(form.Text), of);
        foreach (var path in form.Paths)
            AddText(FileState.Describe(path), FileState.Read(path), path);
    }

    /// <summary>Adds a value by its stored form.</summary>
    public void AddValue(string name, object? value, IValueCodec codec, string? of = null)
    {
        EncodedValue encoded;
        try
        {
            encoded = codec.Encode(value);
        }
        catch (ValueNotStorableException)
        {
            Refuse($"has a value that cannot be stored as {name}");
            return;
        }

        AddForm(name, encoded.Text?.Bytes ?? new(Encoding.UTF8.GetBytes(encoded.Json!)), of);
    }

    /// <summary>A text that is the same for the same parts.</summary>
    /// <param name="before">A text that comes before the parts.</param>
    public string Key(string before)
    {
        var text = new StringBuilder(before);
        foreach (var (name, hash) in _parts)
            text.Append('\n').Append(name).Append('\t').Append(hash);
        return Hash(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private void Add(string name, string hash, string? of)
    {
        if (!_names.TryAdd(name, _parts.Count))
        {
            if (_parts[_names[name]].Hash == hash)
                return;
            name = of is null ? $"{name} ({_parts.Count})" : $"{name} ({of})";
            _names.TryAdd(name, _parts.Count);
        }

        _parts.Add(new(name, hash));
    }

    private static string Hash(ReadOnlySequence<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (text.IsSingleSegment)
        {
            SHA256.HashData(text.FirstSpan, hash);
        }
        else
        {
            using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var piece in text)
                all.AppendData(piece.Span);
            all.GetHashAndReset(hash);
        }

        return Convert.ToHexString(hash[..HashLength]);
    }
}
