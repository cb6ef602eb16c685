using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lythonic.Dag.Runspace.Tests.Harness;

/// <summary>
/// Receives spans and metrics on loopback, as a collector does: OTLP over HTTP, as protobuf. It answers a GET with the number of spans that
/// have come.
/// </summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    public OtlpReceiver()
    {
        _listener.Start();
        _ = ListenAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Endpoint => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The spans that have come.</summary>
    public List<OtlpSpan> Spans => [.. _received.Where(sent => sent.Path == "/v1/traces").SelectMany(sent => OtlpSpan.Read(sent.Body))];

    /// <summary>All bytes that have come to a path, as a text in which a test can look for names.</summary>
    public string Text(string path) =>
        string.Concat(_received.Where(sent => sent.Path == path).Select(sent => Encoding.Latin1.GetString(sent.Body)));

    public void Dispose() => _listener.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            while (await HeadAsync(stream) is { Length: > 0 } head)
            {
                var words = head[0].Split(' ');
                var said = head.FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?[15..];
                var body = new byte[int.Parse(said ?? "0", CultureInfo.InvariantCulture)];
                await stream.ReadExactlyAsync(body);
                if (words[0] == "POST")
                    _received.Enqueue((words[1], body));
                var answer = words[0] == "GET" ? $"{Spans.Count}" : "";
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {answer.Length}\r\n\r\n{answer}"));
            }
        }
        catch (IOException)
        {
            // The other end has gone.
        }
    }

    private static async Task<string[]> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(next) == 0)
                return [];
            head.Append((char)next[0]);
        }

        return head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
