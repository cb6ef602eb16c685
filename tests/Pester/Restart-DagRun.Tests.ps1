BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Restart-DagRun' {
    BeforeEach {
        $db = New-DatabasePath
        $dag = New-Dag p {
            Add-DagNode a { [guid]::NewGuid() }
            Add-DagNode b -After a { param([guid]$id) throw 'no' }
            Add-DagNode c -After b { param($b) "$b!" }
        }
        $fixed = @{ b = { param([guid]$id) "got $id" } }
    }

    It 'goes on where a failed run stopped, as the same run' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $kept = ($failed.Nodes | Where-Object Label -EQ a).Output
        $run = Restart-DagRun $failed.RunId -DatabasePath $db -Override $fixed
        $run.RunId | Should -Be $failed.RunId
        "$($run.Status)" | Should -Be completed
        $run.Outputs['c'] | Should -Be "got $kept!"
        ($run.Nodes | ForEach-Object { "$($_.Label) $($_.Attempt)" }) | Should -Be 'a 1', 'b 2', 'c 1'
        $run.FailedNode | Should -BeNullOrEmpty
        $run.Error | Should -BeNullOrEmpty
        @(Get-DagRun -DatabasePath $db).Count | Should -Be 1
    }

    It 'takes the run from the pipeline, with its database' {
        $run = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue | Restart-DagRun -Override $fixed
        "$($run.Status)" | Should -Be completed
        $run.DatabasePath | Should -Be $db
    }

    It 'takes a prefix of the id, and the id by property name' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $again = Restart-DagRun $failed.RunId.Substring(0, 8) -DatabasePath $db -ErrorAction SilentlyContinue
        "$($again.Status)" | Should -Be failed
        "$(([pscustomobject]@{ RunId = $failed.RunId; DatabasePath = $db } | Restart-DagRun -Override $fixed).Status)" | Should -Be completed
    }

    It 'goes on with a run that paused itself, whose node runs again' {
        $dag = New-Dag approval { Add-DagNode a { 'built' }; Add-DagNode ok -After a { param($x) if ($DagContext.Attempt -eq 1) { $DagContext.Pause('waiting') }; "$x, approved" } }
        $paused = $dag | Invoke-Dag -DatabasePath $db -ErrorVariable problem
        "$($paused.Status)" | Should -Be paused
        "$($paused.Error)" | Should -BeLike '*waiting*'
        $problem | Should -BeNullOrEmpty
        $run = $paused | Restart-DagRun
        "$($run.Status)" | Should -Be completed
        $run.Outputs['ok'] | Should -Be 'built, approved'
    }

    It 'goes on inside a map: elements that completed are not run again' {
        $log = Join-Path $TestDrive "$([guid]::NewGuid())"
        $null = New-Item $log -ItemType Directory
        $dag = New-Dag maps { Add-DagNode a { 1..6 }; Add-DagNode m -After a -ThrottleLimit 1 -Map { Set-Content "$using:log/$_-$([guid]::NewGuid())" 1; if ($_ -eq 4 -and -not (Test-Path "$using:log/mended")) { throw 'four' }; $_ * 10 } }
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        "$($failed.Status)" | Should -Be failed
        Set-Content "$log/mended" 1
        $run = $failed | Restart-DagRun
        $run.Outputs['m'] | Should -Be 10, 20, 30, 40, 50, 60
        foreach ($done in 1..3) { @(Get-ChildItem $log -Filter "$done-*").Count | Should -Be 1 }
        @(Get-ChildItem $log -Filter '4-*').Count | Should -Be 2
    }

    It 'takes the stored source input, and new values over it' {
        $dag = New-Dag inputs { Add-DagNode a { param($x, $y) if ($DagContext.Attempt -eq 1) { throw 'first' }; "$x $y" } }
        $failed = $dag | Invoke-Dag -SourceInput @{ x = 1; y = 2 } -DatabasePath $db -ErrorAction SilentlyContinue
        (Restart-DagRun $failed.RunId -DatabasePath $db -SourceInput @{ y = 3 }).Outputs['a'] | Should -Be '1 3'
    }

    It 'keeps what earlier attempts did in the database' {
        $null = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue | Restart-DagRun -Override $fixed
        $rows = Invoke-StoreQuery $db "SELECT attempt, status FROM node_executions WHERE node_label = 'b' ORDER BY attempt"
        $rows.status | Should -Be failed, completed
    }

    It 'refuses a run that is completed, naming its status' {
        $done = New-Dag done { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db
        $problem = { Restart-DagRun $done.RunId -DatabasePath $db } | Should -Throw -ErrorId 'DagRunNotRestartable*' -PassThru
        "$problem" | Should -BeLike '*completed*'
    }

    It 'refuses a run that is not there' {
        { Restart-DagRun nope -DatabasePath $db } | Should -Throw -ErrorId 'DagRunNotFound*'
        $db | Should -Not -Exist
    }

    It 'refuses a completed node that has changed, naming it, and changes nothing; -Force keeps its output' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $kept = ($failed.Nodes | Where-Object Label -EQ a).Output
        $changed = New-Dag p { Add-DagNode a { 'changed' }; Add-DagNode b -After a { param([guid]$id) "$id" }; Add-DagNode c -After b { param($b) $b } }
        $problem = { Restart-DagRun $failed.RunId -Dag $changed -DatabasePath $db } | Should -Throw -ErrorId 'DagDefinitionChanged*' -PassThru
        "$problem" | Should -BeLike "*'a'*"
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be failed
        (Restart-DagRun $failed.RunId -Dag $changed -DatabasePath $db -Force).Outputs['c'] | Should -Be "$kept"
    }

    It 'lets a node change that has not completed' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $mended = New-Dag p { Add-DagNode a { [guid]::NewGuid() }; Add-DagNode b -After a { param([guid]$id) 'mended' }; Add-DagNode c -After b { param($b) "$b!" } }
        (Restart-DagRun $failed.RunId -Dag $mended -DatabasePath $db).Outputs['c'] | Should -Be 'mended!'
    }

    It 'uses the DAG of the run''s name that was made in this session last' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $null = New-Dag p { Add-DagNode a { [guid]::NewGuid() }; Add-DagNode b -After a { param([guid]$id) 'latest' }; Add-DagNode c -After b { param($b) "$b!" } }
        (Restart-DagRun $failed.RunId -DatabasePath $db).Outputs['c'] | Should -Be 'latest!'
    }

    It 'prints the plan with -WhatIf and changes nothing' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $before = Invoke-StoreQuery $db 'SELECT * FROM node_executions ORDER BY run_id, node_label, attempt' | ConvertTo-Json
        $failed | Restart-DagRun -WhatIf | Should -BeNullOrEmpty
        Invoke-StoreQuery $db 'SELECT * FROM node_executions ORDER BY run_id, node_label, attempt' | ConvertTo-Json | Should -Be $before
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be failed
    }

    It 'runs as a job' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $job = $failed | Restart-DagRun -Override $fixed -AsJob
        "$(($job | Wait-Job -Timeout 300 | Receive-Job).Status)" | Should -Be completed
        $job | Remove-Job
    }

    It 'fails again with an error, throwing with -ErrorAction Stop' {
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        { $failed | Restart-DagRun -ErrorAction Stop } | Should -Throw -ErrorId 'DagNodeFailed*'
        ((Get-DagRun -DatabasePath $db).Nodes | Where-Object Label -EQ b).Attempt | Should -Be 2
    }

    It 'goes on with a run that was cancelled' {
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
        $dag = New-Dag cancelled { Add-DagNode a { 'kept' }; Add-DagNode b -After a { param($x) Set-Content "$using:gate.begun" 1; while (-not (Test-Path $using:gate)) { Start-Sleep -Milliseconds 10 }; "$x on" } }
        $job = $dag | Invoke-Dag -DatabasePath $db -AsJob
        Wait-Until { Test-Path "$gate.begun" }
        $job | Stop-Job
        $job | Remove-Job
        Set-Content $gate 1
        (Get-DagRun -DatabasePath $db | Restart-DagRun).Outputs['b'] | Should -Be 'kept on'
    }
}

Describe 'A restart in another process' {
    BeforeEach {
        $db = New-DatabasePath
        $gate = Join-Path $TestDrive "$([guid]::NewGuid())"
    }

    It 'goes on after the process of the run was killed, and runs nothing again whose downstream had begun' {
        $definition = "
            New-Dag killed {
                Add-DagNode first { Add-Content '$gate.log' first; 'one' }
                Add-DagNode each { Add-Content '$gate.log' each; param(`$x) 1..3 } -After first
                Add-DagNode hang -After each { Set-Content '$gate.begun' 1; while (-not (Test-Path '$gate')) { Start-Sleep -Milliseconds 10 }; 'out' }
                Add-DagNode last { param(`$x) `"last `$x`" } -After hang
            }".Replace("Add-Content '$gate.log' each; param(`$x) 1..3", "param(`$x) Add-Content '$gate.log' each; 1..3")
        $process = Start-ChildPwsh "$definition | Invoke-Dag -DatabasePath '$db'"
        Wait-Until { Test-Path "$gate.begun" }
        "$((Get-DagRun -DatabasePath $db).Status)" | Should -Be running
        $owned = { Restart-DagRun (Get-DagRun -DatabasePath $db).RunId -Dag (& ([scriptblock]::Create($definition))) -DatabasePath $db } | Should -Throw -ErrorId 'DagRunOwned*' -PassThru
        $owned.CategoryInfo.Category | Should -Be ResourceBusy
        $owned.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $process.Kill()
        $process.WaitForExit()
        $interrupted = Get-DagRun -DatabasePath $db
        "$($interrupted.Status)" | Should -Be interrupted
        (Get-DagRun -Status interrupted -DatabasePath $db).RunId | Should -Be $interrupted.RunId
        Get-DagRun -Status running -DatabasePath $db | Should -BeNullOrEmpty
        $null = New-Dag other { Add-DagNode a { 1 } } | Invoke-Dag -DatabasePath $db
        # What is known is that it ran at least so long.
        Get-DagRun -DatabasePath $db | Export-Dag -As Html | Should -Match 'interrupted &gt; <span class="time">'
        Set-Content $gate 1
        $run = $interrupted | Restart-DagRun -Dag (& ([scriptblock]::Create($definition)))
        $run.Outputs['last'] | Should -Be 'last out'
        Get-Content "$gate.log" | Should -Be first, each
        ($run.Nodes | ForEach-Object { "$($_.Label) $($_.Attempt)" }) | Should -Be 'first 1', 'each 1', 'hang 2', 'last 1'
    }

    It 'goes on with a run that failed here' {
        $failed = New-Dag p { Add-DagNode a { 7 }; Add-DagNode b { param($a) throw 'no' } -After a } | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $output = Invoke-ChildPwsh "
            `$run = Restart-DagRun $($failed.RunId) -Dag (New-Dag p { Add-DagNode a { 7 }; Add-DagNode b { param(`$a) `$a * 6 } -After a }) -DatabasePath '$db'
            `"`$(`$run.Status) `$(`$run.Outputs['b'])`""
        $output | Should -Be 'completed 42'
        (Get-DagRun -DatabasePath $db).Outputs['b'] | Should -Be 42
    }

    It 'needs -Dag where the DAG was not made in the session' {
        $failed = New-Dag p { Add-DagNode a { throw 'no' } } | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $output = Invoke-ChildPwsh "try { Restart-DagRun $($failed.RunId) -DatabasePath '$db' } catch { `"`$(`$_.FullyQualifiedErrorId): `$(`$_.ErrorDetails.RecommendedAction)`" }"
        "$output" | Should -BeLike 'Dag*'
        "$output" | Should -BeLike '*the part of its script that makes it*-Dag*Invoke-Dag -Resume*'
    }

    It 'gives values back as what they were' {
        $make = @'
            @(
                'text', '', "line`nbreak `u{1F600}", 5, 5L, 1.5, [float]2.25, 12.30d, [byte]7, [sbyte]-7, [int16]-3, [uint16]3, [uint32]4, [uint64]::MaxValue, [bigint]::Pow(2, 100), [double]::NaN, [double]::PositiveInfinity,
                $true, $null, [char]'x', [datetime]::SpecifyKind('2026-03-04T05:06:07.1234567', 'Utc'), [datetime]'2026-03-04T05:06:07', [datetimeoffset]'2026-03-04T05:06:07.5+02:30', [timespan]'1.02:03:04.5',
                [guid]'0f8fad5b-d9cb-469f-a165-70867728950e', [version]'1.2.3.4', [uri]'https://example.test/a?b=c', [System.DayOfWeek]::Friday, ([IO.FileAttributes]'ReadOnly, Hidden'),
                [byte[]](1, 2, 255), [int[]](1, 2), [string[]]@(), @(1, 'two', $null), [Collections.Generic.List[int]](3, 4), @{ 1 = 'one' }, [ordered]@{ z = 1; a = @{ n = $null } },
                [pscustomobject]@{ z = 1; a = 'x' }, [IO.FileInfo]'/tmp/some.txt', [IO.DirectoryInfo]'/tmp/some', [xml]'<a b="c">d</a>', [regex]::new('a+', 'IgnoreCase')
            )
'@
        $describe = @'
            function Show($v) {
                if ($null -eq $v) { return '$null' }
                $text =
                    if ($v -is [datetime]) { $v.ToString('o') + $v.Kind }
                    elseif ($v -is [datetimeoffset]) { $v.ToString('o') }
                    elseif ($v -is [Collections.IDictionary]) { ($v.Keys | ForEach-Object { (Show $_) + '=' + (Show $v[$_]) }) -join ';' }
                    elseif ($v -is [Collections.IList]) { @(for ($i = 0; $i -lt $v.Count; $i++) { Show $v[$i] }) -join ',' }
                    elseif ($v -is [xml]) { $v.OuterXml }
                    elseif ($v -is [regex]) { "$v $($v.Options)" }
                    elseif ($v -is [IO.FileSystemInfo]) { $v.FullName }
                    elseif ($v -is [Management.Automation.PSCustomObject]) { ($v.PSObject.Properties | ForEach-Object { $_.Name + '=' + (Show $_.Value) }) -join ';' }
                    else { "$v" }
                "$($v.GetType().FullName)($text)"
            }
'@
        # Elements one by one: an array that is emitted is unrolled.
        . ([scriptblock]::Create($describe))
        $values = & ([scriptblock]::Create($make))
        $expected = for ($i = 0; $i -lt $values.Count; $i++) { Show $values[$i] }
        $definition = "New-Dag values { Add-DagNode all -OutputType ([object[]]) { $make }; Add-DagNode gate -After all { param(`$x) throw 'not yet' } }"
        $failed = & ([scriptblock]::Create($definition)) | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        "$($failed.FailedNode)" | Should -Be gate
        $actual = Invoke-ChildPwsh "
            `$OutputEncoding = [Console]::OutputEncoding = [Text.UTF8Encoding]::new()
            $describe
            `$run = Restart-DagRun $($failed.RunId) -Dag ($definition) -DatabasePath '$db' -Override @{ gate = { param([object[]]`$x) , `$x } }
            foreach (`$v in `$run.Outputs['gate']) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((Show `$v))) }"
        $actual = $actual | ForEach-Object { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($_)) }
        $actual | Should -Be $expected
    }

    It 'gives a live object back as a snapshot of its properties' {
        $definition = "New-Dag live { Add-DagNode p { Get-Process -Id $PID }; Add-DagNode gate -After p { param(`$x) if (`$DagContext.Attempt -eq 1) { throw 'not yet' }; `$x.PSObject.TypeNames[0]; `$x.Id } }"
        $failed = & ([scriptblock]::Create($definition)) | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $output = Invoke-ChildPwsh "(Restart-DagRun $($failed.RunId) -Dag ($definition) -DatabasePath '$db').Outputs['gate']"
        $output[0] | Should -BeLike 'Deserialized.*Process*'
        $output[1] | Should -Be "$PID"
    }

    It 'asks for a secret again, which is never stored' {
        $secret = ConvertTo-SecureString 'open sesame' -AsPlainText -Force
        $dag = New-Dag secret { Add-DagNode a { param([securestring]$Key) if ($DagContext.Attempt -eq 1) { throw 'not yet' }; ConvertFrom-SecureString $Key -AsPlainText } }
        $failed = $dag | Invoke-Dag -SourceInput @{ Key = $secret } -DatabasePath $db -ErrorAction SilentlyContinue
        foreach ($file in Get-ChildItem "$db*") { [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file)) | Should -Not -BeLike '*open sesame*' }
        $problem = { Restart-DagRun $failed.RunId -DatabasePath $db -ErrorAction Stop } | Should -Throw -PassThru
        "$problem $($problem.ErrorDetails.RecommendedAction)" | Should -BeLike '*SourceInput*'
        (Restart-DagRun $failed.RunId -DatabasePath $db -SourceInput @{ Key = $secret }).Outputs['a'] | Should -Be 'open sesame'
    }

    It 'has one winner where two processes restart one run' {
        $dag = New-Dag race { Add-DagNode a { 1 }; Add-DagNode b -After a { throw 'no' } }
        $failed = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $script = "
            try {
                `$run = Restart-DagRun $($failed.RunId) -DatabasePath '$db' -ErrorAction Stop -Dag (New-Dag race {
                    Add-DagNode a { 1 }
                    Add-DagNode b -After a { Set-Content '$gate.begun' 1; while (-not (Test-Path '$gate')) { Start-Sleep -Milliseconds 10 }; 2 } })
                Set-Content ('$gate.done.' + `$PID) `$run.Status
            }
            catch { Set-Content ('$gate.done.' + `$PID) `$_.FullyQualifiedErrorId }"
        $children = 1..2 | ForEach-Object { Start-ChildPwsh $script }
        try {
            Wait-Until { Test-Path "$gate.begun" }
            # The loser ends by itself; only then may the winner go on.
            Wait-Until { @(Get-ChildItem "$gate.done.*").Count -eq 1 }
            Set-Content $gate 1
            foreach ($child in $children) { $child.WaitForExit(300000) | Should -BeTrue }
            $said = Get-Content "$gate.done.*" | Sort-Object
            $said[0] | Should -Be completed
            $said[1] | Should -BeLike 'DagRunOwned*'
        }
        finally { $children | Where-Object { -not $_.HasExited } | ForEach-Object Kill }
    }
}
