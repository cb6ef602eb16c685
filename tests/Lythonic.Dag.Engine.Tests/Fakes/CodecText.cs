using Lythonic.Dag.Values;

namespace Lythonic.Dag.Engine.Tests.Fakes;

internal static class CodecText
{
    /// <summary>Only the text that a codec writes.</summary>
    public static string Text(this IValueCodec codec, object? value, Type? declared = null) => codec.Encode(value, declared).Json!;
}
