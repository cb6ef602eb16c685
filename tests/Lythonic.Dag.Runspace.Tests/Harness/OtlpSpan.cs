using System.Text;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>A span, as far as tests read it, from the protobuf of OpenTelemetry's protocol.</summary>
internal sealed record OtlpSpan(string Name, string TraceId, string Id, string ParentId)
{
    // The numbers of the fields, from opentelemetry/proto/trace/v1/trace.proto.
    public static IEnumerable<OtlpSpan> Read(byte[] request) =>
        from resource in Fields(request, 1)
        from scope in Fields(resource, 2)
        from span in Fields(scope, 2)
        select new OtlpSpan(Encoding.UTF8.GetString(First(span, 5)), Hex(First(span, 1)), Hex(First(span, 2)), Hex(First(span, 4)));

    private static byte[] First(byte[] message, int number) => Fields(message, number).FirstOrDefault() ?? [];

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        var at = 0;
        while (at < message.Length)
        {
            var key = Number(message, ref at);
            var length = (int)(key & 7) switch
            {
                0 => Skip(message, ref at),
                1 => 8,
                5 => 4,
                _ => (int)Number(message, ref at),
            };
            if ((int)(key >> 3) == number && (key & 7) == 2)
                found.Add(message[at..(at + length)]);
            at += length;
        }

        return found;
    }

    private static int Skip(byte[] message, ref int at)
    {
        Number(message, ref at);
        return 0;
    }

    private static ulong Number(byte[] message, ref int at)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            number |= (ulong)(next & 127) << shift;
            if (next < 128)
                return number;
        }
    }
}
