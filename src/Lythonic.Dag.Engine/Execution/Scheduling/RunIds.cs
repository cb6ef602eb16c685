using System.Buffers.Binary;

namespace Lythonic.Dag.Execution;

/// <summary>Makes the ids of runs, which are UUIDs.</summary>
internal static class RunIds
{
    private const int TimeBytes = 6;
    private const int Variant = 8;
    private const int VersionDigit = 14;
    private const int ShortLength = 8;

    /// <summary>The id of a run that somebody started. It is random (version 4), so that a short prefix of it names it.</summary>
    public static string OfRun() => Guid.NewGuid().ToString();

    /// <summary>The beginning of the id of a run that somebody started, which names it; any other id as a whole.</summary>
    public static string Short(string runId) =>
        Guid.TryParseExact(runId, "D", out _) && runId[VersionDigit] == '4' ? runId[..ShortLength] : runId;

    /// <summary>
    /// The id of a sub-run. It begins with the time (version 7 of RFC 9562, section 5.7): a store's index grows at its end, where random
    /// ids would be strewn all over it and each would cost a page of its own.
    /// </summary>
    /// <param name="now">The time, of which the milliseconds count.</param>
    public static string OfSubRun(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        // Asking the system for random bytes costs more than the rest of a quick element's record. These ids only have to be unique.
        Random.Shared.NextBytes(bytes);
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, now.ToUnixTimeMilliseconds());
        time[^TimeBytes..].CopyTo(bytes);
        bytes[TimeBytes] = (byte)((bytes[TimeBytes] & 0x0F) | 0x70);
        bytes[Variant] = (byte)((bytes[Variant] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
