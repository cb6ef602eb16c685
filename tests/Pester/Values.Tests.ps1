BeforeDiscovery {
    # Live objects that scripts pass on. Each is made in a node of its own.
    $kinds = [ordered]@{
        'a process' = { Get-Process -Id $PID }
        'a drive' = { Get-PSDrive | Where-Object { $_.Provider.Name -eq 'FileSystem' } | Select-Object -First 1 }
        'a match of Select-String' = { 'foo bar' | Select-String 'o (b)' }
        'a match of Select-String with context' = { 'a', 'foo', 'b' | Select-String foo -Context 1 }
        'a mail address' = { [Net.Mail.MailAddress]::new('a@b.c', 'Me') }
        'a culture' = { [cultureinfo]::GetCultureInfo('de-DE') }
        'the invariant culture' = { [cultureinfo]::InvariantCulture }
        'a row of a table' = { $t = [Data.DataTable]::new('t'); $null = $t.Columns.Add('Id', [int]), $t.Columns.Add('Name'); $null = $t.Rows.Add(1, 'x'); $t.Rows[0] }
        'a table' = { $t = [Data.DataTable]::new('t'); $null = $t.Columns.Add('Id', [int]), $t.Columns.Add('Name'); $null = $t.Rows.Add(1, 'x'), $t.Rows.Add(2, 'y'); , $t }
        'an XML element' = { ([xml]'<a id="1" name="n"><b>t</b><c x="2"><d>e</d></c></a>').DocumentElement }
        'an XML attribute' = { ([xml]'<a id="1"/>').DocumentElement.Attributes[0] }
        'an XML document' = { [xml]'<a id="1"/>' }
        'an error record' = { try { throw 'no' } catch { $_ } }
        'an error record of a cmdlet' = { try { Get-Item /no/such/file -ErrorAction Stop } catch { $_ } }
        'an exception' = { try { [int]::Parse('x') } catch { $_.Exception } }
        'an exception in another' = { [InvalidOperationException]::new('outer', [ArgumentException]::new('inner')) }
        'a job' = { $job = Start-ThreadJob { 1 }; $null = $job | Wait-Job; $job }
        'a job that runs' = { Start-ThreadJob { Start-Sleep 60 } }
        'a command' = { Get-Command Get-Date }
        'a function' = { Get-Command Get-Verb }
        'an alias' = { Get-Alias gci }
        'a module' = { Get-Module Microsoft.PowerShell.Utility }
        'a time zone' = { [TimeZoneInfo]::Utc }
        'an encoding' = { [Text.Encoding]::UTF8 }
        'the system' = { [Environment]::OSVersion }
        'a stopwatch' = { [Diagnostics.Stopwatch]::new() }
        'a URI builder' = { [UriBuilder]::new('http://a/b') }
        'the version of a file' = { [Diagnostics.FileVersionInfo]::GetVersionInfo([object].Assembly.Location) }
        'a string builder' = { [Text.StringBuilder]::new('abc') }
        'an IP end point' = { [Net.IPEndPoint]::new([ipaddress]'1.2.3.4', 5) }
        'an IP address' = { [ipaddress]'1.2.3.4' }
        'a type' = { [Collections.Generic.List[int]] }
        'a version of PowerShell' = { $PSVersionTable.PSVersion }
        'a watcher' = { $w = [IO.FileSystemWatcher]::new(); $w }
        'an object of a script class' = { class DagTestPoint { [int]$X = 1; [string]$Y = 'a'; [string] ToString() { return "($($this.X))" } }; [DagTestPoint]::new() }
        'an object of a .NET class with fields' = { [DagTestClass]::new() }
        'a struct with fields' = { [DagTestStruct]::new() }
        'a certificate' = {
            $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=test', [Security.Cryptography.RSA]::Create(2048), [Security.Cryptography.HashAlgorithmName]::SHA256, [Security.Cryptography.RSASignaturePadding]::Pkcs1)
            $request.CreateSelfSigned([DateTimeOffset]::UtcNow, [DateTimeOffset]::UtcNow.AddDays(1))
        }
        'a key' = { [Security.Cryptography.RSA]::Create(1024) }
        'a web proxy' = { [Net.WebProxy]::new('http://p:1') }
        'an HTTP request' = { [Net.Http.HttpRequestMessage]::new('Get', 'http://a/b') }
        'a disk' = { [IO.DriveInfo]::new('/') }
        'a credential cache' = { [Net.CookieContainer]::new() }
        'a measure' = { 1..3 | Measure-Object -Sum -Average }
        'a group' = { 1, 1, 2 | Group-Object | Select-Object -First 1 }
        'a comparison' = { Compare-Object 1, 2 2, 3 | Select-Object -First 1 }
        'a member' = { 'a' | Get-Member Length }
        'a hash of a file' = { Get-FileHash ([object].Assembly.Location) }
        'a random generator' = { [Random]::new(1) }
        'a timer' = { [Timers.Timer]::new(1000) }
        'a socket' = { [Net.Sockets.TcpClient]::new() }
        'a variable' = { Get-Variable PSHOME }
        'a provider' = { Get-PSProvider FileSystem }
        'the host' = { $Host }
        'a path' = { Get-Location }
    }
    $cases = $kinds.GetEnumerator().ForEach({ @{ Kind = $_.Key; Script = $_.Value } })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
    Add-Type 'public class DagTestClass { public int F = 3; public string P { get; set; } = "p"; } public struct DagTestStruct { public int A; public string B; }'

    # The output of a node, as the store gives it back.
    function Get-Stored([scriptblock]$Script) {
        $db = New-DatabasePath
        $dag = New-Dag stored
        $dag | Add-DagNode make $Script
        $run = $dag | Invoke-Dag -DatabasePath $db -WarningAction SilentlyContinue
        , (Get-DagRun $run.RunId -DatabasePath $db).Nodes[0].Output
    }

    # A run of two nodes, of which the second fails once, and what its restart gives it.
    function Get-Restarted([scriptblock]$Make, [scriptblock]$Use) {
        $db = New-DatabasePath
        $dag = New-Dag restarted
        $dag | Add-DagNode make $Make
        $dag | Add-DagNode use -After make { throw 'once' }
        $run = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue -WarningVariable warnings -WarningAction SilentlyContinue
        $again = Restart-DagRun $run.RunId -DatabasePath $db -Override @{ use = $Use } -ErrorVariable failures -ErrorAction SilentlyContinue
        [pscustomobject]@{ Run = $again; Warnings = @($warnings); Failures = @($failures); Database = $db; Dag = $dag }
    }
}

AfterAll { Restore-TestSession }

Describe 'Values' {
    It 'brings back of <Kind> what PowerShell''s own serialisation does, and its text, without a warning' -TestCases $cases {
        $db = New-DatabasePath
        $dag = New-Dag stored
        $dag | Add-DagNode make $Script
        # What PowerShell's serialisation says of the same object, in the session that made it.
        $dag | Add-DagNode measure -After make -Inline {
            $value = $_
            $text = "$value"
            $back = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($value))
            [pscustomobject]@{ Text = $text; Names = @($back.PSObject.Properties.Name); Type = "$($value.GetType())" }
        }
        $run = $dag | Invoke-Dag -DatabasePath $db -WarningVariable warnings -WarningAction SilentlyContinue
        "$($run.Status)" | Should -Be completed -Because "$($run.Error)"
        $warnings | Where-Object { "$_" -like '*not stored*' } | Should -BeNullOrEmpty
        $nodes = (Get-DagRun $run.RunId -DatabasePath $db).Nodes
        $back = $nodes[0].Output
        $expected = $nodes[1].Output
        "$back" | Should -Be $expected.Text
        $names = @($back.PSObject.Properties.Name)
        $expected.Names.Where({ $_ -notin $names }) -join ', ' | Should -BeNullOrEmpty
    }

    It 'stores a list of live objects whole, however long' {
        $back = Get-Stored { foreach ($i in 1..600) { $e = [DagTestClass]::new(); $e.F = $i; $e } ; foreach ($i in 1..100) { [Text.StringBuilder]::new("$i") } }
        $back.Count | Should -Be 700
        ($back[0..599] | Measure-Object F -Sum).Sum | Should -Be (600 * 601 / 2)
        "$($back[-1])" | Should -Be 100
    }

    It 'brings plain data back at any depth (<Levels>)' -TestCases @{ Levels = 80 }, @{ Levels = 1200 } {
        $test = [scriptblock]::Create("
            `$value = 'end'
            foreach (`$i in 2..$Levels) { if (`$i % 3 -eq 0) { `$value = @{ in = `$value } } elseif (`$i % 3 -eq 1) { `$value = [pscustomobject]@{ in = `$value } } else { `$value = @(, `$value) } }
            @{ in = `$value }")
        $result = Get-Restarted $test { $value = $_; $depth = 0; while ($value -isnot [string]) { if ($value -is [array]) { $value = $value[0] } else { $value = $value.in }; $depth++ } "$value $depth" }
        $result.Warnings | Should -BeNullOrEmpty
        $result.Run.Outputs['use'] | Should -Be "end $Levels"
        # Values that are deeper than SQLite's own JSON functions allow are read like all others.
        $row = Invoke-StoreQuery $result.Database "SELECT length(input_json) AS input FROM node_executions WHERE node_label = 'use' AND status = 'completed'"
        $row.input | Should -BeGreaterThan (5 * $Levels)
        (Invoke-StoreQuery $result.Database 'SELECT length(sink_outputs_json) AS outputs FROM dag_runs').outputs | Should -BeGreaterThan 0
    }

    It 'fails the node whose output is too deep for the machine, and says where' {
        $dag = New-Dag deep { Add-DagNode make { $value = 1; foreach ($i in 1..20000) { $value = @{ in = $value } }; $value } }
        $run = $dag | Invoke-Dag -DatabasePath (New-DatabasePath) -ErrorAction SilentlyContinue -ErrorVariable failures
        "$($run.Status)" | Should -Be failed
        "$($failures[0])" | Should -BeLike '*cannot be stored*$.in.in*'
    }

    It 'warns of what it cuts of a live object, and refuses to hand it to a node after a restart' {
        $make = { class DagTestChild { [object]$Parent; [string]$Name }; class DagTestParent { [object[]]$Children }
            $parent = [DagTestParent]::new(); $parent.Children = 1..2 | ForEach-Object { $c = [DagTestChild]::new(); $c.Parent = $parent; $c }; $parent }
        $result = Get-Restarted $make { "got $($_.Children.Count)" }
        $result.Warnings.Count | Should -Be 1
        "$($result.Warnings[0])" | Should -BeLike '*2 objects were not stored*$.Children`[0`].Parent*'
        ($result.Run.Nodes | Where-Object Label -EQ make).Messages.Text | Should -BeLike '*2 objects were not stored*'
        "$($result.Run.Status)" | Should -Be failed
        "$($result.Failures[0].Exception.InnerException.Id)" | Should -Be DagValueNotRestorable
    }

    It 'refuses it in a replay too, and in a map only where an element lacks something' {
        $db = New-DatabasePath
        $dag = New-Dag replayed {
            Add-DagNode make { class DagTestRing { [object]$Self; [int]$Id }; foreach ($i in 1..3) { $r = [DagTestRing]::new(); $r.Id = $i; if ($i -eq 2) { $r.Self = $r }; $r } }
            Add-DagNode use -After make { param($x) $x.Count }
            Add-DagNode each -After make -Map { param($x) $x.Id }
        }
        $run = $dag | Invoke-Dag -DatabasePath $db -WarningAction SilentlyContinue
        $run.Outputs['each'] | Should -Be 1, 2, 3
        foreach ($node in 'use', 'each') {
            $again = Invoke-DagReplay $run.RunId -Node $node -DatabasePath $db -ErrorAction SilentlyContinue -ErrorVariable failures
            "$($again.Status)" | Should -Be failed
            "$($failures[0].Exception.InnerException.Id)" | Should -Be DagValueNotRestorable
        }
    }

    It 'warns of a ring in plain data' {
        $result = Get-Restarted { $table = @{ Name = 'x' }; $table.Self = $table; $table } { 'got it' }
        "$($result.Warnings[0])" | Should -BeLike '*1 object was not stored*$.Self*'
        "$($result.Run.Status)" | Should -Be failed
    }

    It 'stores files as files alone' {
        $db = New-DatabasePath
        $dag = New-Dag files { Add-DagNode list { Get-ChildItem $PSHOME -File | Select-Object -First 3 } }
        $run = $dag | Invoke-Dag -DatabasePath $db
        $json = (Invoke-StoreQuery $db 'SELECT output_json FROM node_executions').output_json
        $json | Should -Not -Match 'UnixStat|PSPath|object'
        ($json | ConvertFrom-Json).'$type' | Select-Object -Unique | Should -Be file
    }

    It 'leaves to types files what they add to an object that comes back as itself' {
        Update-TypeData -TypeName DagTestBag -MemberType ScriptProperty -MemberName Twice -Value { $this.N * 2 } -Force
        Update-TypeData -TypeName System.Version -MemberType NoteProperty -MemberName Extra -Value 1 -Force
        try {
            $db = New-DatabasePath
            $dag = New-Dag bags { Add-DagNode make -Inline { [pscustomobject]@{ PSTypeName = 'DagTestBag'; N = 2 }; [version]'1.2' } }
            $run = $dag | Invoke-Dag -DatabasePath $db
            (Invoke-StoreQuery $db 'SELECT output_json FROM node_executions').output_json | Should -Not -Match 'Twice|Extra'
            (Get-DagRun $run.RunId -DatabasePath $db).Nodes[0].Output[0].Twice | Should -Be 4
        }
        finally { Remove-TypeData DagTestBag; Remove-TypeData System.Version }
    }

    It 'brings queues and stacks back as themselves' {
        $result = Get-Restarted { $q = [Collections.Queue]::new(); $q.Enqueue(1); $q.Enqueue('two'); $s = [Collections.Stack]::new(); $s.Push(1); $s.Push(2); @{ q = $q; s = $s } } {
            "$($_.q.GetType().Name) $($_.q.Dequeue()) $($_.q.Dequeue()) $($_.s.GetType().Name) $($_.s.Pop()) $($_.s.Pop())" }
        $result.Run.Outputs['use'] | Should -Be 'Queue 1 two Stack 2 1'
    }

    It 'stores a row of a table as its columns' {
        $result = Get-Restarted { $t = [Data.DataTable]::new('t'); $null = $t.Columns.Add('Id', [int]); 1..300 | ForEach-Object { $null = $t.Rows.Add($_) }; $t.Rows } {
            "$($_.Count) $($_[-1].Id) $(($_[0].PSObject.Properties.Name) -join ',')" }
        $result.Run.Outputs['use'] | Should -Be '300 300 Id'
    }

    It 'leaves out a getter that throws, and reads the others' {
        Add-Type 'public class DagTestBroken { public int A => 1; public int B => throw new System.Exception("no"); public int C => 3; public override string ToString() => throw new System.Exception("no text"); }'
        $back = Get-Stored { [DagTestBroken]::new() }
        $back.A, $back.C | Should -Be 1, 3
        $back.PSObject.Properties['B'] | Should -BeNullOrEmpty
    }

    It 'reads what a stream of a job has without waiting for more' {
        $back = Get-Stored { $lines = [Management.Automation.PSDataCollection[int]]::new(); $lines.Add(1); @{ Lines = $lines } }
        $back.Lines | Should -Be 1
    }

    It 'a sequence that can be read once is not used up by being stored, inside a value or as an element' {
        $file = Join-Path $TestDrive lines.txt
        Set-Content $file one, two
        $run = New-Dag nested {
            Add-DagNode a -Parameter @{ file = $file } { param($file) @{ lines = [IO.File]::ReadLines($file) } }
            Add-DagNode b -After a { param($x) @($x.lines).Count }
        } | Invoke-Dag -DatabasePath (New-DatabasePath)
        $run.Outputs['b'] | Should -Be 2
        , [IO.File]::ReadLines($file) | Invoke-DagMap { @($_).Count } -DatabasePath (New-DatabasePath) | Should -Be 2
    }

    It 'says that a stored value cannot be read, and shows the others in tables' {
        $run = New-Dag unread { Add-DagNode a { 1 }; Add-DagNode b -After a { param($x) 5 } } | Invoke-Dag -DatabasePath (New-DatabasePath)
        $null = Invoke-StoreQuery $run.DatabasePath 'SELECT 1'
        $type = [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetType('Microsoft.Data.Sqlite.SqliteConnection') } | Select-Object -First 1
        $connection = [Activator]::CreateInstance($type, "Data Source=$($run.DatabasePath);Pooling=False")
        try {
            $connection.Open()
            $command = $connection.CreateCommand()
            $command.CommandText = "UPDATE node_run SET output_json = '{`"`$type`":`"nosuch`",`"value`":5}' WHERE label = 'b'"
            $command.ExecuteNonQuery() | Should -Be 1
        }
        finally { $connection.Dispose() }

        $read = Get-DagRun $run.RunId -DatabasePath $run.DatabasePath
        { $read.Nodes['b'].Output } | Should -Throw -ErrorId 'DagValueNotRestorable*' -ExpectedMessage "The output of the node 'b' of the run $($run.RunId) cannot be read. *'nosuch'*"
        { $read.Outputs } | Should -Throw -ErrorId 'DagValueNotRestorable*'
        $lines = ($read.Nodes | Format-Table Label, Output | Out-String) -split '\r?\n' | ForEach-Object Trim
        $lines | Should -Contain 'b'
        $lines -match '^a +1$' | Should -HaveCount 1
        ($read | Format-List | Out-String) | Should -BeLike '*a completed, b completed*'
    }
}
